#include "adapters/embedded/topics.h"

#include <fmt/format.h>

#include <map>

#include "adapters/embedded/text_forms.h"
#include "adapters/embedded/wall_clock.h"
#include "core/json.h"

namespace lernd::embedded {
namespace {

/// Stable over builds and machines, unlike std::hash: records of one key stay in one partition for ever.
std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  return hash;
}

void append_text(JsonWriter& out, const std::string& bytes) {
  if (const SqlValue value = text_or_bytes(std::string_view(bytes)); std::holds_alternative<std::string>(value)) {
    out.text(bytes);
  } else {
    out.open_object().name("bytes").text(hexadecimal(bytes)).close_object();
  }
}

/// `[["name","value"],…]`: names may repeat and their order counts. Bytes that are not UTF-8 stand as `{"bytes":"0x…"}`.
SqlValue headers_json(const std::vector<Header>& headers) {
  if (headers.empty()) return {};
  std::string text;
  JsonWriter out(text);
  out.open_array();
  for (const Header& header : headers) {
    out.open_array();
    append_text(out, header.name);
    append_text(out, header.value);
    out.close_array();
  }
  out.close_array();
  return text;
}

std::optional<std::string> text_from(JsonView json) {
  if (const auto text = json.text()) return std::string(*text);
  const auto bytes = json.find("bytes");
  const auto digits = bytes ? bytes->text() : std::nullopt;
  return digits ? from_hexadecimal(*digits) : std::nullopt;
}

Result<std::vector<Header>> headers_from(std::string_view text) {
  const auto corrupt = fail(Treatment::fatal, ErrorCode::corrupt, "lernd_record holds headers that lernd did not write");
  std::vector<Header> headers;
  const auto document = JsonDocument::parse(text);
  if (!document || !document->root().is_array()) return corrupt;
  for (const JsonView pair : document->root().items()) {
    const auto parts = pair.items();
    const auto name = parts.size() == 2 ? text_from(parts[0]) : std::nullopt;
    const auto value = parts.size() == 2 ? text_from(parts[1]) : std::nullopt;
    if (!name || !value) return corrupt;
    headers.push_back({*name, *value});
  }
  return headers;
}

}  // namespace

Result<std::int32_t> Topics::partitions(std::string_view topic) {
  const auto found = connection_.number("SELECT partitions FROM lernd_topic WHERE topic=?", topic);
  if (!found) return std::unexpected(found.error());
  return static_cast<std::int32_t>(found->value_or(0));
}

Result<std::int32_t> Topics::partitions_of(std::string_view topic) {
  auto found = partitions(topic);
  if (found && *found == 0) {
    return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("topic {} is not there; `lernd schema --apply` makes it", topic));
  }
  return found;
}

Result<void> Topics::create(std::string_view topic, std::int32_t partitions) {
  if (topic.empty() || partitions < 1) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("topic '{}' cannot be made with {} partitions", topic, partitions));
  }
  return connection_.atomically([&]() -> Result<void> {
    const auto made = connection_.change("INSERT INTO lernd_topic (topic, partitions) VALUES (?, ?) ON CONFLICT DO NOTHING", topic, partitions);
    if (!made) return std::unexpected(made.error());
    return {};
  });
}

Result<void> Topics::remove(std::string_view topic) {
  return connection_.atomically([&]() -> Result<void> {
    for (const auto* statement :
         {"DELETE FROM lernd_record WHERE topic=?", "DELETE FROM lernd_offset WHERE topic=?", "DELETE FROM lernd_topic WHERE topic=?"}) {
      if (const auto gone = connection_.change(statement, topic); !gone) return std::unexpected(gone.error());
    }
    return {};
  });
}

Result<Offset> Topics::next_offset(const TopicPartition& source) {
  // The positions of groups count too, so that offsets do not start anew when old records were deleted from the file.
  const auto next = connection_.number(
      "SELECT max(coalesce((SELECT max(offset)+1 FROM lernd_record WHERE topic=?1 AND partition=?2), 0),"
      " coalesce((SELECT max(next) FROM lernd_offset WHERE topic=?1 AND partition=?2), 0))",
      source.topic, source.partition);
  if (!next) return std::unexpected(next.error());
  return Offset{next->value_or(0)};
}

Result<void> Topics::append(std::span<const OutputRecord> records, std::int32_t partition) {
  std::map<std::string_view, std::int32_t> counts;
  std::map<TopicPartition, Offset> next;
  const std::int64_t time = now_ms();
  for (const OutputRecord& record : records) {
    auto count = counts.find(record.topic);
    if (count == counts.end()) {
      const auto found = partitions_of(record.topic);
      if (!found) return std::unexpected(found.error());
      count = counts.emplace(record.topic, *found).first;
    }
    if (partition >= count->second) {
      return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("topic {} has no partition {}, it has {}", record.topic, partition, count->second));
    }
    const std::uint64_t choice = record.key ? fnv1a(*record.key) : turn_++;
    const TopicPartition target{record.topic, partition >= 0 ? partition : static_cast<std::int32_t>(choice % static_cast<std::uint64_t>(count->second))};
    auto offset = next.find(target);
    if (offset == next.end()) {
      const auto free = next_offset(target);
      if (!free) return std::unexpected(free.error());
      offset = next.emplace(target, *free).first;
    }
    const auto added =
        connection_.change(R"(INSERT INTO lernd_record (topic, partition, offset, time_ms, "key", value, headers) VALUES (?, ?, ?, ?, ?, ?, ?))", target.topic,
                           target.partition, offset->second.value, time, text_or_bytes(record.key), text_or_bytes(record.value), headers_json(record.headers));
    if (!added) return std::unexpected(added.error());
    offset->second = offset->second.next();
  }
  return {};
}

Result<Topics::Bounds> Topics::bounds(const TopicPartition& source) {
  const auto end = next_offset(source);
  if (!end) return std::unexpected(end.error());
  const auto begin = connection_.number("SELECT min(offset) FROM lernd_record WHERE topic=? AND partition=?", source.topic, source.partition);
  if (!begin) return std::unexpected(begin.error());
  return Bounds{.begin = {begin->value_or(end->value)}, .end = *end};
}

SqlCursor Topics::records(const TopicPartition& source, Offset from, std::size_t most) {
  return connection_.select(
      R"(SELECT offset, time_ms, "key", value, headers FROM lernd_record WHERE topic=? AND partition=? AND offset>=? ORDER BY offset LIMIT ?)", source.topic,
      source.partition, from.value, most);
}

Result<Record> Topics::record_at(const SqlCursor& row) {
  Record record{.offset = {row.integer(0)}, .time = {row.integer(1)}, .key = row.optional_text(2), .value = row.optional_text(3), .headers = {}};
  if (!row.is_null(4)) {
    auto headers = headers_from(row.view(4));
    if (!headers) return std::unexpected(headers.error());
    record.headers = std::move(*headers);
  }
  return record;
}

std::size_t Topics::bytes_at(const SqlCursor& row) { return row.view(2).size() + row.view(3).size(); }

Result<std::optional<Offset>> Topics::committed(std::string_view group, const TopicPartition& source) {
  const auto next = connection_.number(R"(SELECT next FROM lernd_offset WHERE "group"=? AND topic=? AND partition=?)", group, source.topic, source.partition);
  if (!next) return std::unexpected(next.error());
  return *next ? std::optional(Offset{**next}) : std::nullopt;
}

Result<void> Topics::move(std::string_view group, const TopicPartition& source, Offset next) {
  const auto moved =
      connection_.change(R"(INSERT INTO lernd_offset ("group", topic, partition, next) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET next=excluded.next)",
                         group, source.topic, source.partition, next.value);
  if (!moved) return std::unexpected(moved.error());
  return {};
}

}  // namespace lernd::embedded
