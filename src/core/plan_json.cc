#include "core/plan_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/plan_json_kinds.h"

namespace lernd {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(c));
  return text;
}

/// A text of a store or topic need not be UTF-8, and comes back byte for byte all the same.
void append_text(JsonWriter& out, std::string_view text) {
  if (is_utf8(text)) {
    out.text(text);
  } else {
    out.open_object().name("text_hex").text(hex(text)).close_object();
  }
}

void append_text(JsonWriter& out, std::string_view name, const std::optional<std::string>& text) {
  if (text) append_text(out.name(name), *text);
}

template <class Pairs>
void append_text_pairs(JsonWriter& out, std::string_view name, const Pairs& pairs) {
  out.name(name).open_array();
  for (const auto& [first, second] : pairs) {
    out.open_array();
    append_text(out, first);
    append_text(out, second);
    out.close_array();
  }
  out.close_array();
}

struct ValueWriter {
  JsonWriter& out;

  void operator()(std::monostate) const { out.null(); }
  void operator()(bool value) const { out.boolean(value); }
  void operator()(std::int64_t value) const { out.integer(value); }
  void operator()(double value) const { out.number(value); }
  void operator()(const std::string& value) const { append_text(out, value); }
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
  out.open_object().name(kWriteKinds[static_cast<std::size_t>(write.kind)]).open_array().text(write.table.keyspace).text(write.table.table).close_array();
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
  out.open_object();
  append_text(out.name(kCacheKinds[static_cast<std::size_t>(write.kind)]), write.key);
  out.name("endpoint").text(write.cache.endpoint).name("database").integer(write.cache.database);
  if (write.expiry.count() != 0) out.name("expiry_s").integer(write.expiry.count());
  append_text(out, "text", write.value.text);
  out.name("members").open_array();
  for (const std::string& member : write.value.members) append_text(out, member);
  out.close_array();
  append_text_pairs(out, "fields", write.value.fields);
  if (!write.drop.empty()) {
    out.name("drop").open_array();
    for (const std::string& field : write.drop) append_text(out, field);
    out.close_array();
  }
  out.close_object();
}

void append(JsonWriter& out, const DocumentWrite& write) {
  out.open_object().name(kDocumentKind).open_array().text(write.document.index);
  append_text(out, write.document.id);
  append_text(out.close_array().name("from"), write.from);
  append_text(out.name("to"), write.to);
  out.name("distinct").open_array();
  for (const std::string& field : write.distinct) append_text(out, field);
  out.close_array().close_object();
}

void append(JsonWriter& out, const OutputRecord& record) {
  out.open_object().name("topic").text(record.topic);
  append_text(out, "key", record.key);
  append_text(out, "value", record.value);
  if (!record.headers.empty()) append_text_pairs(out, "headers", record.headers);
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
  out.close_array();
  if (std::ranges::any_of(plan.remarks, &Remark::audit)) {
    out.name(kAuditMember).open_array();
    for (const Remark& remark : plan.remarks) {
      if (!remark.audit) continue;
      out.open_array().text(remark.what).text(remark.about);
      if (remark.warning) out.text(kWarning);
      out.close_array();
    }
    out.close_array();
  }
  out.close_object();
}

}  // namespace lernd
