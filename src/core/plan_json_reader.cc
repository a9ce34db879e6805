#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/plan_json.h"
#include "core/plan_json_kinds.h"

namespace lernd {
namespace {

/// Reads back what `append_json` wrote. Whatever else it meets is noted once in `failed`, and reading goes on with empty values.
class PlanReader {
 public:
  bool failed = false;

  Value value(JsonView json) {
    if (const auto value = json.boolean()) return *value;
    if (const auto value = json.integer()) return *value;
    if (const auto value = json.number()) return *value;
    if (const auto value = json.text()) return *value;
    if (json.is_object()) return tagged(json);
    failed |= !json.is_null();
    return {};
  }

  Plan plan(JsonView json) {
    Plan plan;
    for (const JsonView stage : items(member(json, "stages"))) {
      WriteStage groups;
      for (const JsonView one : items(stage)) groups.push_back(group(one));
      plan.stages.push_back(std::move(groups));
    }
    for (const JsonView record : items(member(json, "outputs"))) plan.outputs.push_back(output(record));
    if (const auto remarks = json.find(kAuditMember)) {
      for (const JsonView one : items(*remarks)) plan.remarks.push_back(remark(one));
    }
    return plan;
  }

 private:
  Remark remark(JsonView json) {
    const auto parts = items(json);
    const bool warning = parts.size() == 3 && text(parts[2]) == kWarning;
    failed |= parts.size() != (warning ? 3 : 2);
    if (failed) return {};
    return {.what = text(parts[0]), .about = text(parts[1]), .audit = true, .warning = warning};
  }

  JsonView member(JsonView json, std::string_view name) {
    const auto found = json.find(name);
    failed |= !found;
    return found.value_or(JsonView());
  }

  std::vector<JsonView> items(JsonView json) {
    failed |= !json.is_array();
    return json.items();
  }

  std::array<JsonView, 2> pair(JsonView json) {
    const auto both = items(json);
    failed |= both.size() != 2;
    return both.size() == 2 ? std::array{both[0], both[1]} : std::array<JsonView, 2>();
  }

  std::vector<std::pair<std::string_view, JsonView>> members(JsonView json) {
    failed |= !json.is_object();
    return json.members();
  }

  std::string text(JsonView json) {
    if (const auto hex = json.find("text_hex")) return bytes(*hex);
    const auto text = json.text();
    failed |= !text;
    return std::string(text.value_or(""));
  }

  std::int64_t integer(JsonView json) {
    const auto integer = json.integer();
    failed |= !integer;
    return integer.value_or(0);
  }

  int small_integer(JsonView json) {
    const auto number = integer(json);
    failed |= number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max();
    return static_cast<int>(number);
  }

  std::string bytes(JsonView json) {
    const auto hex = json.text().value_or("odd");
    std::string bytes;
    failed |= hex.size() % 2 != 0;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      unsigned char byte = 0;
      const auto end = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
      failed |= end.ec != std::errc() || end.ptr != hex.data() + i + 2;
      bytes += static_cast<char>(byte);
    }
    return bytes;
  }

  Value tagged(JsonView json) {
    if (const auto body = json.find("timestamp")) return Timestamp{integer(*body)};
    if (const auto body = json.find("bytes")) return ValueBytes{bytes(*body)};
    if (json.find("text_hex")) return text(json);
    if (const auto body = json.find("list")) {
      ValueList list;
      for (const JsonView item : items(*body)) list.items.push_back(value(item));
      return list;
    }
    ValueMap map;
    for (const JsonView entry : items(member(json, "map"))) {
      const auto [key, mapped] = pair(entry);
      map.entries.emplace_back(value(key), value(mapped));
    }
    return map;
  }

  /// Which of `names` is a member, as its position, and that member.
  template <std::size_t N>
  std::pair<std::size_t, JsonView> kind(JsonView json, const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; i < N; ++i) {
      if (const auto body = json.find(names[i])) return {i, *body};
    }
    failed = true;
    return {};
  }

  RowWrite row_write(JsonView json) {
    RowWrite write;
    const auto [which, name] = kind(json, kWriteKinds);
    const auto [keyspace, table] = pair(name);
    write.kind = static_cast<RowWrite::Kind>(which);
    write.table = {text(keyspace), text(table)};
    for (const auto& [column, cell] : members(member(json, "key"))) write.key.push_back({std::string(column), value(cell)});
    for (const auto& [column, cell] : members(member(json, "set"))) write.set.push_back({std::string(column), value(cell)});
    for (const auto& [column, cell] : members(member(json, "merge"))) {
      write.set.push_back({std::string(column), value(cell), Assignment::Mode::merge});
    }
    return write;
  }

  CacheWrite cache_write(JsonView json) {
    CacheWrite write;
    const auto [which, key] = kind(json, kCacheKinds);
    write.kind = static_cast<CacheWrite::Kind>(which);
    write.key = text(key);
    write.cache = {text(member(json, "endpoint")), small_integer(member(json, "database"))};
    if (const auto expiry = json.find("expiry_s")) write.expiry = std::chrono::seconds(integer(*expiry));
    if (const auto stored = json.find("text")) write.value.text = text(*stored);
    for (const JsonView item : items(member(json, "members"))) write.value.members.push_back(text(item));
    for (const JsonView one : items(member(json, "fields"))) {
      const auto [field, stored] = pair(one);
      write.value.fields.emplace_back(text(field), text(stored));
    }
    if (const auto drop = json.find("drop")) {
      for (const JsonView field : items(*drop)) write.drop.push_back(text(field));
    }
    return write;
  }

  DocumentWrite document_write(JsonView json) {
    DocumentWrite write;
    const auto [index, id] = pair(member(json, kDocumentKind));
    write.document = {text(index), text(id)};
    write.from = text(member(json, "from"));
    write.to = text(member(json, "to"));
    for (const JsonView field : items(member(json, "distinct"))) write.distinct.push_back(text(field));
    return write;
  }

  template <class Write>
  std::vector<Write> all(const std::vector<JsonView>& writes, Write (PlanReader::*read)(JsonView)) {
    std::vector<Write> group;
    for (const JsonView write : writes) group.push_back((this->*read)(write));
    return group;
  }

  WriteGroup group(JsonView json) {
    const auto writes = items(json);
    if (!writes.empty() && writes.front().find("endpoint")) return all(writes, &PlanReader::cache_write);
    if (!writes.empty() && writes.front().find(kDocumentKind)) return all(writes, &PlanReader::document_write);
    return all(writes, &PlanReader::row_write);
  }

  OutputRecord output(JsonView json) {
    OutputRecord record;
    record.topic = text(member(json, "topic"));
    if (const auto key = json.find("key")) record.key = text(*key);
    if (const auto value = json.find("value")) record.value = text(*value);
    if (const auto headers = json.find("headers")) {
      for (const JsonView header : items(*headers)) {
        const auto [name, value] = pair(header);
        record.headers.push_back({text(name), text(value)});
      }
    }
    return record;
  }
};

std::unexpected<Error> unreadable(std::string_view what) {
  return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("a stored {} cannot be read back: it is not in the form this program writes", what));
}

}  // namespace

Result<Value> value_from_json(JsonView json) {
  PlanReader reader;
  Value value = reader.value(json);
  if (reader.failed) return unreadable("value");
  return value;
}

Result<Plan> plan_from_json(JsonView json) {
  PlanReader reader;
  Plan plan = reader.plan(json);
  if (reader.failed) return unreadable("plan");
  return plan;
}

}  // namespace lernd
