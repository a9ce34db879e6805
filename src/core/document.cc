#include "core/document.h"

#include <algorithm>

#include "core/hash.h"
#include "core/json.h"

namespace lernd {
namespace {

/// Writes a copy of `value` in which every text that equals `from` is `to`; of `distinct` lists only the first `to` stays. True when the copy differs.
class Substitution {
 public:
  Substitution(const DocumentWrite& write, JsonWriter& out) : write_(write), out_(out) {}

  bool copy(JsonView value, bool distinct) {
    if (value.is_object()) return copy_object(value);
    if (value.is_array()) return copy_list(value, distinct);
    const auto text = value.text();
    if (!text) {
      out_.raw(value.compact());
      return false;
    }
    const bool changes = *text == write_.from && write_.from != write_.to;
    out_.text(changes ? write_.to : *text);
    return changes;
  }

 private:
  bool copy_object(JsonView value) {
    bool changed = false;
    out_.open_object();
    for (const auto& [name, member] : value.members()) {
      out_.name(name);
      changed |= copy(member, false);
    }
    out_.close_object();
    return changed;
  }

  bool copy_list(JsonView value, bool distinct) {
    bool changed = false;
    bool has_to = false;
    out_.open_array();
    for (const JsonView item : value.items()) {
      const auto text = item.text();
      const bool is_to = text && (*text == write_.to || *text == write_.from);
      if (distinct && is_to && has_to) {
        changed = true;
        continue;
      }
      has_to |= is_to;
      changed |= copy(item, false);
    }
    out_.close_array();
    return changed;
  }

  const DocumentWrite& write_;
  JsonWriter& out_;
};

}  // namespace

std::string changed_fields(std::string_view source, const DocumentWrite& write) {
  const auto document = JsonDocument::parse(source);
  if (!document || !document->root().is_object()) return "";
  std::string fields;
  JsonWriter out(fields);
  out.open_object();
  bool any = false;
  for (const auto& [name, value] : document->root().members()) {
    std::string copy;
    JsonWriter writer(copy);
    if (!Substitution(write, writer).copy(value, std::ranges::find(write.distinct, name) != write.distinct.end())) continue;
    out.name(name).raw(copy);
    any = true;
  }
  out.close_object();
  return any ? fields : "";
}

std::size_t hash_of(const DocumentId& document) { return mix(mix(document.id.size(), document.index), document.id); }

}  // namespace lernd
