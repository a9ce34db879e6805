#include "conformance/cache_suite.h"

namespace lernd {

void CacheSuite::SetUp() {
  backend_ = GetParam().make();
  ASSERT_NE(backend_, nullptr);
  cache_ = backend_->open();
  ASSERT_NE(cache_, nullptr);
  id_ = backend_->first();
  for (const CacheId& id : {backend_->first(), backend_->second()}) {
    const auto keys = cache_->keys(id);
    ASSERT_TRUE(ok(keys));
    ASSERT_TRUE(keys->empty()) << "database " << id.database << " is in use by something else";
  }
}

void CacheSuite::TearDown() {
  if (cache_ == nullptr) return;
  clear(backend_->first());
  clear(backend_->second());
}

void CacheSuite::clear(const CacheId& id) {
  const auto keys = cache_->keys(id);
  ASSERT_TRUE(ok(keys));
  CacheGroup erasures;
  for (const auto& [key, kind] : *keys) erasures.push_back({.kind = CacheWrite::Kind::erase, .cache = id, .key = key});
  if (erasures.empty()) return;
  EXPECT_TRUE(ok(write(std::move(erasures))));
}

Result<void> CacheSuite::write(CacheGroup group) {
  auto answers = cache_->write(std::span(&group, 1));
  EXPECT_EQ(answers.size(), 1u);
  return answers.at(0);
}

Result<CacheValue> CacheSuite::read(CacheKind kind, const std::string& key) {
  const CacheQuery query{.cache = id_, .kind = kind, .key = key};
  auto answers = cache_->read(std::span(&query, 1));
  EXPECT_EQ(answers.size(), 1u);
  return std::move(answers.at(0));
}

CacheValue CacheSuite::value(CacheKind kind, const std::string& key) {
  auto answer = read(kind, key);
  EXPECT_TRUE(ok(answer));
  return answer.value_or(CacheValue());
}

CacheWrite CacheSuite::put_text(const std::string& key, const std::string& text) const {
  return {.kind = CacheWrite::Kind::put_text, .cache = id_, .key = key, .value = text_value(text)};
}

CacheWrite CacheSuite::put_set(const std::string& key, std::vector<std::string> members) const {
  return {.kind = CacheWrite::Kind::put_set, .cache = id_, .key = key, .value = set_value(std::move(members))};
}

CacheWrite CacheSuite::put_hash(const std::string& key, std::vector<std::pair<std::string, std::string>> fields) const {
  return {.kind = CacheWrite::Kind::put_hash, .cache = id_, .key = key, .value = hash_value(std::move(fields))};
}

CacheWrite CacheSuite::put_fields(const std::string& key, std::vector<std::pair<std::string, std::string>> fields) const {
  return {.kind = CacheWrite::Kind::put_fields, .cache = id_, .key = key, .value = hash_value(std::move(fields))};
}

CacheWrite CacheSuite::erase(const std::string& key) const { return {.kind = CacheWrite::Kind::erase, .cache = id_, .key = key}; }

}  // namespace lernd
