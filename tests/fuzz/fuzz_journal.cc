#include <string_view>

#include "core/plan_json.h"
#include "fuzz/require.h"
#include "runtime/journal_entry.h"

/// A journal entry is refused as corrupt, or is written and read back as itself; every plan can be shown.
namespace lernd {
namespace {

void check(std::string_view text) {
  const auto entry = journal_entry_from_text(text);
  if (!entry) {
    require(entry.error().treatment == Treatment::fatal && entry.error().code == ErrorCode::corrupt);
    return;
  }
  const auto again = journal_entry_from_text(to_text(*entry));
  require(again.has_value() && *again == *entry);
  for (const JournalItem& item : entry->items) require(!describe(item.plan, "").empty());
}

}  // namespace
}  // namespace lernd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
