#include "adapters/embedded/embedded_cache.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "adapters/embedded/connection.h"
#include "adapters/embedded/wall_clock.h"
#include "core/json.h"

namespace lernd::embedded {
namespace {

constexpr std::string_view kKinds[] = {"text", "set", "hash"};

std::optional<CacheKind> kind_named(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name);
  if (found == std::ranges::end(kKinds)) return std::nullopt;
  return static_cast<CacheKind>(found - std::ranges::begin(kKinds));
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::unexpected<Error> corrupt(const CacheId& cache) {
  return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("lernd_cache holds a value in database {} that lernd did not write", cache.database));
}

std::string members_json(std::vector<std::string> members) {
  std::ranges::sort(members);
  const auto doubles = std::ranges::unique(members);
  members.erase(doubles.begin(), doubles.end());
  std::string text;
  JsonWriter out(text);
  out.open_array();
  for (const std::string& member : members) out.text(member);
  out.close_array();
  return text;
}

using Fields = std::map<std::string, std::string>;

std::string fields_json(const Fields& fields) {
  std::string text;
  JsonWriter out(text);
  out.open_object();
  for (const auto& [field, value] : fields) out.name(field).text(value);
  out.close_object();
  return text;
}

/// A key as it stands in the file; expired ones count as missing.
struct Entry {
  CacheKind kind;
  CacheValue value;
};

Result<CacheValue> decode(const CacheId& cache, CacheKind kind, std::string stored) {
  CacheValue value;
  if (kind == CacheKind::text) {
    value.text = std::move(stored);
    return value;
  }
  const auto document = JsonDocument::parse(stored);
  if (!document) return corrupt(cache);
  for (const JsonView member : document->root().items()) value.members.emplace_back(member.text().value_or(""));
  for (const auto& [field, text] : document->root().members()) value.fields.emplace_back(field, text.text().value_or(""));
  return value;
}

class EmbeddedCache final : public Cache {
 public:
  explicit EmbeddedCache(std::shared_ptr<EmbeddedDatabase> database) : database_(std::move(database)) {}

  std::vector<Result<CacheValue>> read(std::span<const CacheQuery> queries) override {
    std::vector<Result<CacheValue>> answers;
    answers.reserve(queries.size());
    for (const CacheQuery& query : queries) answers.push_back(read_one(query));
    return answers;
  }

  std::vector<Result<void>> write(std::span<const CacheGroup> groups) override;

  Result<void> ping() override {
    const auto answer = connection().number("SELECT 1");
    return answer ? Result<void>() : std::unexpected(answer.error());
  }

  Result<std::vector<std::pair<std::string, CacheKind>>> keys(const CacheId& cache) override;

 private:
  SqliteConnection& connection() { return database_->connection(); }
  Result<std::optional<Entry>> find(const CacheId& cache, const std::string& key);
  Result<CacheValue> read_one(const CacheQuery& query);
  Result<void> check(const CacheWrite& write);
  Result<void> apply(const CacheWrite& write);
  Result<void> put(const CacheWrite& write, CacheKind kind, const SqlValue& value);
  Result<void> put_fields(const CacheWrite& write);
  Result<void> erase(const CacheWrite& write);

  std::shared_ptr<EmbeddedDatabase> database_;
};

Result<std::optional<Entry>> EmbeddedCache::find(const CacheId& cache, const std::string& key) {
  SqlCursor row = connection().select(R"(SELECT kind, value FROM lernd_cache WHERE db=? AND "key"=? AND (expires_ms IS NULL OR expires_ms>?))", cache.database,
                                      text_or_bytes(std::string_view(key)), now_ms());
  if (!row.next()) {
    if (const auto ended = row.end(); !ended) return std::unexpected(ended.error());
    return std::nullopt;
  }
  const auto kind = kind_named(row.view(0));
  if (!kind) return corrupt(cache);
  auto value = decode(cache, *kind, row.text(1));
  if (!value) return std::unexpected(value.error());
  return Entry{*kind, std::move(*value)};
}

Result<CacheValue> EmbeddedCache::read_one(const CacheQuery& query) {
  auto entry = find(query.cache, query.key);
  if (!entry) return std::unexpected(entry.error());
  if (!*entry) return CacheValue();
  if ((*entry)->kind != query.kind) {
    return fail(Treatment::reject, ErrorCode::schema_mismatch,
                fmt::format("a key of {} database {} holds a {}, not a {}", query.cache.endpoint, query.cache.database,
                            kKinds[static_cast<std::size_t>((*entry)->kind)], kKinds[static_cast<std::size_t>(query.kind)]));
  }
  CacheValue& value = (*entry)->value;
  if (!query.fields.empty()) std::erase_if(value.fields, [&](const auto& field) { return std::ranges::find(query.fields, field.first) == query.fields.end(); });
  return std::move(value);
}

Result<void> EmbeddedCache::check(const CacheWrite& write) {
  if (write.cache.database < 0) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{} has no database {}", write.cache.endpoint, write.cache.database));
  }
  const bool utf8 = std::ranges::all_of(write.value.members, is_utf8) &&
                    std::ranges::all_of(write.value.fields, [](const auto& field) { return is_utf8(field.first) && is_utf8(field.second); });
  if (!utf8) {
    return fail(Treatment::reject, ErrorCode::malformed_record,
                fmt::format("a member for {} database {} is not UTF-8", write.cache.endpoint, write.cache.database));
  }
  return {};
}

Result<void> EmbeddedCache::put(const CacheWrite& write, CacheKind kind, const SqlValue& value) {
  const SqlValue expires = write.expiry.count() > 0 ? SqlValue(now_ms() + std::chrono::milliseconds(write.expiry).count()) : SqlValue();
  const auto changed =
      connection().change(R"(INSERT OR REPLACE INTO lernd_cache (db, "key", kind, value, expires_ms) VALUES (?, ?, ?, ?, ?))", write.cache.database,
                          text_or_bytes(std::string_view(write.key)), kKinds[static_cast<std::size_t>(kind)], value, expires);
  return changed ? Result<void>() : std::unexpected(changed.error());
}

Result<void> EmbeddedCache::erase(const CacheWrite& write) {
  const auto changed =
      connection().change(R"(DELETE FROM lernd_cache WHERE db=? AND "key"=?)", write.cache.database, text_or_bytes(std::string_view(write.key)));
  return changed ? Result<void>() : std::unexpected(changed.error());
}

Result<void> EmbeddedCache::put_fields(const CacheWrite& write) {
  const auto present = find(write.cache, write.key);
  if (!present) return std::unexpected(present.error());
  Fields fields;
  if (*present && (*present)->kind == CacheKind::hash) fields.insert((*present)->value.fields.begin(), (*present)->value.fields.end());
  for (const std::string& field : write.drop) fields.erase(field);
  for (const auto& [field, value] : write.value.fields) fields.insert_or_assign(field, value);
  return fields.empty() ? erase(write) : put(write, CacheKind::hash, fields_json(fields));
}

Result<void> EmbeddedCache::apply(const CacheWrite& write) {
  switch (write.kind) {
    case CacheWrite::Kind::put_text:
      return put(write, CacheKind::text, text_or_bytes(std::string_view(write.value.text.value_or(""))));
    case CacheWrite::Kind::put_set:
      return write.value.members.empty() ? erase(write) : put(write, CacheKind::set, members_json(write.value.members));
    case CacheWrite::Kind::put_hash:
      if (write.value.fields.empty()) return erase(write);
      return put(write, CacheKind::hash, fields_json(Fields(write.value.fields.begin(), write.value.fields.end())));
    case CacheWrite::Kind::put_fields:
      return put_fields(write);
    case CacheWrite::Kind::erase:
      break;
  }
  return erase(write);
}

std::vector<Result<void>> EmbeddedCache::write(std::span<const CacheGroup> groups) {
  const auto all = [&](const Error& error) { return std::vector<Result<void>>(groups.size(), std::unexpected(error)); };
  std::vector<Result<void>> answers(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const CacheWrite& write : groups[i]) {
      if (answers[i]) answers[i] = check(write);
    }
  }
  if (std::ranges::none_of(answers, [](const auto& answer) { return answer.has_value(); })) return answers;

  if (const auto begun = connection().begin(); !begun) return all(begun.error());
  const auto applied = [&]() -> Result<void> {
    const auto purged = connection().change("DELETE FROM lernd_cache WHERE expires_ms<=?", now_ms());
    if (!purged) return std::unexpected(purged.error());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!answers[i]) continue;
      for (const CacheWrite& write : groups[i]) {
        if (const auto written = apply(write); !written) return written;
      }
    }
    return {};
  }();
  if (applied) return answers;
  connection().abandon(applied.error());
  return all(applied.error());
}

Result<std::vector<std::pair<std::string, CacheKind>>> EmbeddedCache::keys(const CacheId& cache) {
  std::vector<std::pair<std::string, CacheKind>> found;
  SqlCursor rows = connection().select(R"(SELECT "key", kind FROM lernd_cache WHERE db=? AND (expires_ms IS NULL OR expires_ms>?))", cache.database, now_ms());
  while (rows.next()) {
    const auto kind = kind_named(rows.view(1));
    if (!kind) return corrupt(cache);
    found.emplace_back(rows.text(0), *kind);
  }
  if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
  std::ranges::sort(found);
  return found;
}

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<Cache> make_embedded_cache(std::shared_ptr<EmbeddedDatabase> database) {
  return std::make_unique<embedded::EmbeddedCache>(std::move(database));
}

}  // namespace lernd
