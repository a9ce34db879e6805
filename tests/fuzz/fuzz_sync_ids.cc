#include <string>
#include <string_view>
#include <vector>

#include "bulk/id_reader.h"
#include "core/json.h"
#include "fuzz/require.h"
#include "sync/object_type.h"

/// An id file, whole and in pieces, gives the same ids, each of them fit to be sent; the lines add up.
namespace lernd::sync {
namespace {

struct Read {
  std::vector<std::string> ids;
  bulk::LineCounts counts;
  bool usable = true;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view text, std::size_t piece, std::string_view type) {
  Read out;
  bulk::IdReader reader(
      {.objects = object_lines(*object_type_named(type))},
      [&](std::string_view id) {
        out.ids.emplace_back(id);
        return Result<void>();
      },
      [](std::int64_t, std::string_view reason, std::string_view) {
        require(!reason.empty());
        return Result<void>();
      });
  for (; !text.empty() && out.usable; text.remove_prefix(std::min(piece, text.size()))) out.usable = reader.feed(text.substr(0, piece)).has_value();
  out.usable = out.usable && reader.finish().has_value();
  out.counts = reader.counts();
  return out;
}

void check(std::string_view text) {
  for (const std::string_view type : {"user", "batch", "user_course"}) {
    const auto whole = read(text, text.size() + 1, type);
    const auto pieces = read(text, 3, type);
    require(whole.usable == pieces.usable);
    if (!whole.usable) continue;
    require(whole == pieces);
    const auto& counts = whole.counts;
    require(counts.read == counts.blank + counts.header + counts.duplicate + counts.invalid + static_cast<std::int64_t>(whole.ids.size()));
    for (const auto& id : whole.ids) {
      require(!id.empty() && is_utf8(id) && id.find('\n') == std::string::npos);
      if (type == "user") require(bulk::fault_of_id(id, nullptr).empty());
      if (type == "user_course") require(JsonDocument::parse(id)->root().is_object());
    }
  }
}

}  // namespace
}  // namespace lernd::sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::sync::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
