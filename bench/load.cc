#include "load.h"

#include <fmt/format.h>

#include "loads/kinds.h"

namespace lernd::bench {

std::span<const LoadKind> load_kinds() {
  static const LoadKind kinds[] = {reconciliation_kind(), merges_kind(), progress_kind(), courses_kind(), profiles_kind(), transfers_kind()};
  return kinds;
}

std::string_view user_prefix(Part part) {
  switch (part) {
    case Part::idle:
      return "1d1e0000-0000-4000-8000-";
    case Part::limit:
      return "71317000-0000-4000-8000-";
    case Part::backlog:
      break;
  }
  return "bac10600-0000-4000-8000-";
}

std::string user_id(Part part, std::size_t item) { return fmt::format("{}{:012}", user_prefix(part), item); }

std::string other_user_id(Part part, std::size_t item) {
  std::string id = user_id(part, item);
  id[9] = '1';
  return id;
}

}  // namespace lernd::bench
