#include "core/plan_json.h"

#include <fmt/format.h>

#include <charconv>

namespace lernd {
namespace {

constexpr std::string_view kWriteKinds[] = {"update", "insert", "erase"};
constexpr std::string_view kCacheKinds[] = {"put_text", "put_set", "put_fields", "put_hash", "erase"};

std::string hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(c));
  return text;
}

struct ValueWriter {
  JsonWriter& out;

  void operator()(std::monostate) const { out.null(); }
  void operator()(bool value) const { out.boolean(value); }
  void operator()(std::int64_t value) const { out.integer(value); }
  void operator()(double value) const { out.number(value); }
  void operator()(const std::string& value) const { out.text(value); }
  void operator()(Timestamp value) const { out.open_object().name("timestamp").integer(value.ms).close_object(); }
  void operator()(const ValueBytes& value) const { out.open_object().name("bytes").text(hex(value.bytes)).close_object(); }
  void operator()(const ValueList& value) const {
    out.open_object().name("list").open_array();
    for (const Value& item : value.items) append_json(out, item);
    out.close_array().close_object();
  }
  void operator()(const ValueMap& value) const {
    out.open_object().name("map").open_array();
    for (const auto& [key, entry] : value.entries) {
      out.open_array();
      append_json(out, key);
      append_json(out, entry);
      out.close_array();
    }
    out.close_array().close_object();
  }
};

void append_cells(JsonWriter& out, std::string_view name, const std::vector<Cell>& cells) {
  out.name(name).open_object();
  for (const Cell& cell : cells) append_json(out.name(cell.column), cell.value);
  out.close_object();
}

void append(JsonWriter& out, const RowWrite& write) {
  out.open_object().name(kWriteKinds[static_cast<int>(write.kind)]).open_array().text(write.table.keyspace).text(write.table.table).close_array();
  append_cells(out, "key", write.key);
  for (const auto mode : {Assignment::Mode::replace, Assignment::Mode::merge}) {
    out.name(mode == Assignment::Mode::replace ? "set" : "merge").open_object();
    for (const Assignment& assignment : write.set) {
      if (assignment.mode == mode) append_json(out.name(assignment.column), assignment.value);
    }
    out.close_object();
  }
  out.close_object();
}

void append(JsonWriter& out, const CacheWrite& write) {
  out.open_object().name(kCacheKinds[static_cast<int>(write.kind)]).text(write.key);
  out.name("endpoint").text(write.cache.endpoint).name("database").integer(write.cache.database);
  if (write.expiry.count() != 0) out.name("expiry_s").integer(write.expiry.count());
  if (write.value.text) out.name("text").text(*write.value.text);
  out.name("members").open_array();
  for (const std::string& member : write.value.members) out.text(member);
  out.close_array().name("fields").open_object();
  for (const auto& [field, value] : write.value.fields) out.name(field).text(value);
  out.close_object().close_object();
}

void append(JsonWriter& out, const OutputRecord& record) {
  out.open_object().name("topic").text(record.topic);
  if (record.key) out.name("key").text(*record.key);
  if (record.value) out.name("value").text(*record.value);
  if (!record.headers.empty()) {
    out.name("headers").open_array();
    for (const Header& header : record.headers) out.open_array().text(header.name).text(header.value).close_array();
    out.close_array();
  }
  out.close_object();
}

}  // namespace

void append_json(JsonWriter& out, const Value& value) { std::visit(ValueWriter{out}, value.form); }

void append_json(JsonWriter& out, const Plan& plan) {
  out.open_object().name("stages").open_array();
  for (const WriteStage& stage : plan.stages) {
    out.open_array();
    for (const WriteGroup& group : stage) {
      out.open_array();
      std::visit(
          [&](const auto& writes) {
            for (const auto& write : writes) append(out, write);
          },
          group);
      out.close_array();
    }
    out.close_array();
  }
  out.close_array().name("outputs").open_array();
  for (const OutputRecord& record : plan.outputs) append(out, record);
  out.close_array().close_object();
}

namespace {

/// Reads back what `append_json` wrote. Whatever else it meets is noted once in `failed`, and reading goes on with empty values.
class PlanReader {
 public:
  bool failed = false;

  Value value(JsonView json) {
    if (json.is_null()) return {};
    if (const auto value = json.boolean()) return *value;
    if (const auto value = json.integer()) return *value;
    if (const auto value = json.number()) return *value;
    if (const auto value = json.text()) return *value;
    return tagged(json);
  }

  Plan plan(JsonView json) {
    Plan plan;
    for (const JsonView stage : member(json, "stages").items()) {
      WriteStage groups;
      for (const JsonView one : stage.items()) groups.push_back(group(one));
      plan.stages.push_back(std::move(groups));
    }
    for (const JsonView record : member(json, "outputs").items()) plan.outputs.push_back(output(record));
    return plan;
  }

 private:
  JsonView member(JsonView json, std::string_view name) {
    const auto found = json.find(name);
    failed |= !found;
    return found.value_or(JsonView());
  }

  std::string text(JsonView json) {
    const auto text = json.text();
    failed |= !text;
    return std::string(text.value_or(""));
  }

  std::int64_t integer(JsonView json) {
    const auto integer = json.integer();
    failed |= !integer;
    return integer.value_or(0);
  }

  std::vector<JsonView> items(JsonView json, std::size_t count) {
    auto items = json.items();
    failed |= items.size() != count;
    items.resize(count);
    return items;
  }

  std::string bytes(std::string_view hex) {
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
    if (const auto body = json.find("bytes")) return ValueBytes{bytes(text(*body))};
    if (const auto body = json.find("list")) {
      ValueList list;
      for (const JsonView item : body->items()) list.items.push_back(value(item));
      return list;
    }
    ValueMap map;
    for (const JsonView entry : member(json, "map").items()) {
      const auto pair = items(entry, 2);
      map.entries.emplace_back(value(pair[0]), value(pair[1]));
    }
    return map;
  }

  template <std::size_t N>
  std::pair<int, JsonView> kind(JsonView json, const std::string_view (&names)[N]) {
    for (std::size_t i = 0; i < N; ++i) {
      if (const auto body = json.find(names[i])) return {static_cast<int>(i), *body};
    }
    failed = true;
    return {};
  }

  RowWrite row_write(JsonView json) {
    RowWrite write;
    const auto [which, name] = kind(json, kWriteKinds);
    const auto parts = items(name, 2);
    write.kind = static_cast<RowWrite::Kind>(which);
    write.table = {text(parts[0]), text(parts[1])};
    for (const auto& [column, json_value] : member(json, "key").members()) write.key.push_back({std::string(column), value(json_value)});
    for (const auto& [column, json_value] : member(json, "set").members()) write.set.push_back({std::string(column), value(json_value)});
    for (const auto& [column, json_value] : member(json, "merge").members()) {
      write.set.push_back({std::string(column), value(json_value), Assignment::Mode::merge});
    }
    return write;
  }

  CacheWrite cache_write(JsonView json) {
    CacheWrite write;
    const auto [which, key] = kind(json, kCacheKinds);
    write.kind = static_cast<CacheWrite::Kind>(which);
    write.key = text(key);
    write.cache = {text(member(json, "endpoint")), static_cast<int>(integer(member(json, "database")))};
    if (const auto expiry = json.find("expiry_s")) write.expiry = std::chrono::seconds(integer(*expiry));
    if (const auto stored = json.find("text")) write.value.text = text(*stored);
    for (const JsonView item : member(json, "members").items()) write.value.members.push_back(text(item));
    for (const auto& [field, stored] : member(json, "fields").members()) write.value.fields.emplace_back(field, text(stored));
    return write;
  }

  WriteGroup group(JsonView json) {
    const auto writes = json.items();
    if (!writes.empty() && writes.front().find("endpoint")) {
      CacheGroup group;
      for (const JsonView write : writes) group.push_back(cache_write(write));
      return group;
    }
    RowGroup group;
    for (const JsonView write : writes) group.push_back(row_write(write));
    return group;
  }

  OutputRecord output(JsonView json) {
    OutputRecord record;
    record.topic = text(member(json, "topic"));
    if (const auto key = json.find("key")) record.key = text(*key);
    if (const auto value = json.find("value")) record.value = text(*value);
    if (const auto headers = json.find("headers")) {
      for (const JsonView header : headers->items()) {
        const auto pair = items(header, 2);
        record.headers.push_back({text(pair[0]), text(pair[1])});
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
