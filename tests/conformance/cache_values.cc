#include "conformance/cache_suite.h"

namespace lernd {
namespace {

TEST_P(CacheSuite, ATextComesBack) {
  ASSERT_TRUE(ok(write({put_text("k", "one")})));
  EXPECT_EQ(value(CacheKind::text, "k"), text_value("one"));
  ASSERT_TRUE(ok(write({put_text("k", "")})));
  EXPECT_EQ(value(CacheKind::text, "k"), text_value("")) << "an empty text is a text";
}

TEST_P(CacheSuite, ASetIsSortedAndReplacedAsAWhole) {
  ASSERT_TRUE(ok(write({put_set("k", {"b", "a", "B", "b"})})));
  EXPECT_EQ(value(CacheKind::set, "k"), set_value({"B", "a", "b"}));
  ASSERT_TRUE(ok(write({put_set("k", {"c"})})));
  EXPECT_EQ(value(CacheKind::set, "k"), set_value({"c"}));
}

TEST_P(CacheSuite, AHashIsSortedAndReplacedAsAWhole) {
  ASSERT_TRUE(ok(write({put_hash("k", {{"b", "2"}, {"a", "1"}, {"empty", ""}})})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"a", "1"}, {"b", "2"}, {"empty", ""}}));
  ASSERT_TRUE(ok(write({put_hash("k", {{"c", "3"}})})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"c", "3"}}));
}

TEST_P(CacheSuite, PutFieldsKeepsTheOtherFields) {
  ASSERT_TRUE(ok(write({put_fields("k", {{"a", "1"}, {"b", "2"}})})));
  ASSERT_TRUE(ok(write({put_fields("k", {{"b", "22"}, {"c", "3"}})})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"a", "1"}, {"b", "22"}, {"c", "3"}}));
}

TEST_P(CacheSuite, DroppedFieldsGoWhileOthersArePut) {
  ASSERT_TRUE(ok(write({put_hash("k", {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", ""}})})));
  CacheWrite change = put_fields("k", {{"b", "22"}, {"e", "5"}});
  change.drop = {"a", "b", "never there", "d"};
  ASSERT_TRUE(ok(write({change})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"b", "22"}, {"c", "3"}, {"e", "5"}}));
  ASSERT_TRUE(ok(write({change}))) << "a second time";
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"b", "22"}, {"c", "3"}, {"e", "5"}}));
}

TEST_P(CacheSuite, AHashThatLosesItsLastFieldIsAMissingKey) {
  ASSERT_TRUE(ok(write({put_hash("k", {{"a", "1"}})})));
  CacheWrite change = put_fields("k", {});
  change.drop = {"a"};
  ASSERT_TRUE(ok(write({change})));
  EXPECT_EQ(cache_->keys(id_)->size(), 0u);
}

TEST_P(CacheSuite, ADropOverAnotherKindLeavesTheNewFields) {
  ASSERT_TRUE(ok(write({put_text("k", "t")})));
  CacheWrite change = put_fields("k", {{"b", "2"}});
  change.drop = {"a"};
  ASSERT_TRUE(ok(write({change})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"b", "2"}}));
}

TEST_P(CacheSuite, FieldsAreReadByName) {
  ASSERT_TRUE(ok(write({put_hash("k", {{"a", "1"}, {"b", ""}, {"c", "3"}})})));
  const std::vector<CacheQuery> queries = {{.cache = id_, .kind = CacheKind::hash, .key = "k", .fields = {"c", "never there", "b"}},
                                           {.cache = id_, .kind = CacheKind::hash, .key = "k", .fields = {"never there"}},
                                           {.cache = id_, .kind = CacheKind::hash, .key = "nobody", .fields = {"a"}},
                                           {.cache = id_, .kind = CacheKind::hash, .key = "k"}};
  const auto answers = cache_->read(queries);
  EXPECT_EQ(answers.at(0), hash_value({{"b", ""}, {"c", "3"}}));
  EXPECT_EQ(answers.at(1), CacheValue());
  EXPECT_EQ(answers.at(2), CacheValue());
  EXPECT_EQ(answers.at(3), hash_value({{"a", "1"}, {"b", ""}, {"c", "3"}}));
  ASSERT_TRUE(ok(write({put_text("t", "x")})));
  const CacheQuery foreign{.cache = id_, .kind = CacheKind::hash, .key = "t", .fields = {"a"}};
  EXPECT_TRUE(failed(cache_->read(std::span(&foreign, 1)).front(), Treatment::reject, ErrorCode::schema_mismatch));
}

TEST_P(CacheSuite, AMissingKeyIsAnAnswer) {
  for (const CacheKind kind : {CacheKind::text, CacheKind::set, CacheKind::hash}) {
    EXPECT_TRUE(value(kind, "nobody").missing()) << static_cast<int>(kind);
  }
}

TEST_P(CacheSuite, AnEmptySetOrHashIsAMissingKey) {
  ASSERT_TRUE(ok(write({put_set("s", {"a"}), put_hash("h", {{"a", "1"}})})));
  ASSERT_TRUE(ok(write({put_set("s", {}), put_hash("h", {})})));
  EXPECT_TRUE(value(CacheKind::set, "s").missing());
  EXPECT_TRUE(value(CacheKind::hash, "h").missing());
  EXPECT_EQ(cache_->keys(id_)->size(), 0u);
}

TEST_P(CacheSuite, ErasedKeysAreGone) {
  ASSERT_TRUE(ok(write({put_text("t", "x"), put_set("s", {"x"}), put_hash("h", {{"x", "y"}})})));
  ASSERT_TRUE(ok(write({erase("t"), erase("s"), erase("h"), erase("never there")})));
  EXPECT_EQ(cache_->keys(id_)->size(), 0u);
}

TEST_P(CacheSuite, AnotherKindReplacesTheFormer) {
  const std::vector<std::pair<CacheWrite, CacheKind>> writes = {{put_text("k", "t"), CacheKind::text},
                                                                {put_set("k", {"s"}), CacheKind::set},
                                                                {put_hash("k", {{"h", "1"}}), CacheKind::hash},
                                                                {put_text("k", "t"), CacheKind::text},
                                                                {put_fields("k", {{"f", "1"}}), CacheKind::hash},
                                                                {put_set("k", {"s"}), CacheKind::set},
                                                                {put_fields("k", {{"f", "2"}}), CacheKind::hash}};
  for (const auto& [each, kind] : writes) {
    ASSERT_TRUE(ok(write({each})));
    EXPECT_EQ(value(kind, "k"), each.value);
  }
}

TEST_P(CacheSuite, AskingForAnotherKindIsRejected) {
  ASSERT_TRUE(ok(write({put_text("text", "t"), put_set("set", {"s"}), put_hash("hash", {{"h", "1"}})})));
  EXPECT_TRUE(failed(read(CacheKind::set, "text"), Treatment::reject, ErrorCode::schema_mismatch));
  EXPECT_TRUE(failed(read(CacheKind::hash, "text"), Treatment::reject, ErrorCode::schema_mismatch));
  EXPECT_TRUE(failed(read(CacheKind::text, "set"), Treatment::reject, ErrorCode::schema_mismatch));
  EXPECT_TRUE(failed(read(CacheKind::set, "hash"), Treatment::reject, ErrorCode::schema_mismatch));
}

TEST_P(CacheSuite, DatabasesAreApart) {
  const CacheWrite here = put_text("k", "first");
  CacheWrite there = put_text("k", "second");
  there.cache = backend_->second();
  ASSERT_TRUE(ok(write({here})));
  ASSERT_TRUE(ok(write({there})));
  EXPECT_EQ(value(CacheKind::text, "k"), text_value("first"));
  id_ = backend_->second();
  EXPECT_EQ(value(CacheKind::text, "k"), text_value("second"));
}

TEST_P(CacheSuite, KeysAreListedWithTheirKind) {
  ASSERT_TRUE(ok(write({put_text("t", "x"), put_set("s", {"x"}), put_hash("h", {{"x", "y"}})})));
  const auto keys = cache_->keys(id_);
  ASSERT_TRUE(ok(keys));
  EXPECT_EQ(*keys, (std::vector<std::pair<std::string, CacheKind>>{{"h", CacheKind::hash}, {"s", CacheKind::set}, {"t", CacheKind::text}}));
}

TEST_P(CacheSuite, KeysMembersAndFieldsMayHoldAnyCharacters) {
  const std::string text = "it's \"quoted\": शिक्षक Ünï 🎓\r\n\t\\ {}[]";
  ASSERT_TRUE(ok(write({put_text("t" + text, text), put_set("s" + text, {text}), put_hash("h" + text, {{text, text}})})));
  EXPECT_EQ(value(CacheKind::text, "t" + text), text_value(text));
  EXPECT_EQ(value(CacheKind::set, "s" + text), set_value({text}));
  EXPECT_EQ(value(CacheKind::hash, "h" + text), hash_value({{text, text}}));
}

TEST_P(CacheSuite, TextsMayHoldAnyBytes) {
  const std::string bytes("\x00\xff\xfe x", 5);
  ASSERT_TRUE(ok(write({put_text("k", bytes)})));
  EXPECT_EQ(value(CacheKind::text, "k"), text_value(bytes));
}

TEST_P(CacheSuite, AKeyWithAnExpiryGoesByItself) {
  CacheGroup group = {put_text("t", "x"), put_set("s", {"x"}), put_hash("h", {{"x", "y"}}), put_fields("f", {{"x", "y"}})};
  for (CacheWrite& each : group) each.expiry = std::chrono::seconds(1);
  const CacheWrite stays = put_text("stays", "x");
  group.push_back(stays);
  ASSERT_TRUE(ok(write(group)));
  EXPECT_TRUE(eventually([&] { return cache_->keys(id_)->size() == 1; }));
  EXPECT_TRUE(value(CacheKind::text, "t").missing());
  EXPECT_TRUE(value(CacheKind::set, "s").missing());
  EXPECT_TRUE(value(CacheKind::hash, "h").missing());
  EXPECT_TRUE(value(CacheKind::hash, "f").missing());
  EXPECT_EQ(value(CacheKind::text, "stays"), text_value("x"));
}

TEST_P(CacheSuite, AnExpiryInTheFutureChangesNothingYet) {
  CacheWrite each = put_text("k", "x");
  each.expiry = std::chrono::hours(1);
  ASSERT_TRUE(ok(write({each})));
  EXPECT_EQ(value(CacheKind::text, "k"), text_value("x"));
}

TEST_P(CacheSuite, AWriteWithoutExpiryTakesTheFormerAway) {
  std::vector<CacheWrite> kept = {put_text("t", "x"), put_set("s", {"x"}), put_hash("h", {{"x", "y"}}), put_fields("f", {{"x", "y"}})};
  CacheWrite witness = put_text("witness", "x");
  witness.expiry = std::chrono::seconds(1);
  for (CacheWrite each : kept) {
    each.expiry = std::chrono::seconds(1);
    ASSERT_TRUE(ok(write({each})));
  }
  ASSERT_TRUE(ok(write(kept)));
  ASSERT_TRUE(ok(write({witness})));
  ASSERT_TRUE(eventually([&] { return value(CacheKind::text, "witness").missing(); }));
  EXPECT_EQ(cache_->keys(id_)->size(), kept.size());
}

TEST_P(CacheSuite, AFieldPutAfterTheExpiryFindsNoOldFields) {
  CacheWrite old = put_hash("k", {{"old", "1"}});
  old.expiry = std::chrono::seconds(1);
  ASSERT_TRUE(ok(write({old})));
  ASSERT_TRUE(eventually([&] { return value(CacheKind::hash, "k").missing(); }));
  ASSERT_TRUE(ok(write({put_fields("k", {{"new", "2"}})})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"new", "2"}}));
}

TEST_P(CacheSuite, FiveThousandMixedElementsAreAnsweredInOrder) {
  std::vector<CacheGroup> groups;
  for (int i = 0; i < 5000; ++i) {
    const std::string key = "k" + std::to_string(i);
    groups.push_back(i % 3 == 0 ? CacheGroup{put_text(key, key)} : i % 3 == 1 ? CacheGroup{put_set(key, {key})} : CacheGroup{put_hash(key, {{"field", key}})});
  }
  for (const auto& answer : cache_->write(groups)) ASSERT_TRUE(ok(answer));
  std::vector<CacheQuery> queries;
  for (int i = 0; i < 5000; ++i) {
    const auto kind = i % 3 == 0 ? CacheKind::text : i % 3 == 1 ? CacheKind::set : CacheKind::hash;
    const bool wrong = i % 500 == 499;
    queries.push_back({.cache = id_, .kind = wrong ? (kind == CacheKind::text ? CacheKind::set : CacheKind::text) : kind, .key = "k" + std::to_string(i)});
  }
  const auto answers = cache_->read(queries);
  ASSERT_EQ(answers.size(), queries.size());
  for (int i = 0; i < 5000; ++i) {
    const auto& answer = answers[static_cast<std::size_t>(i)];
    const std::string key = "k" + std::to_string(i);
    if (i % 500 == 499) {
      EXPECT_TRUE(failed(answer, Treatment::reject)) << i;
    } else {
      EXPECT_EQ(answer, (i % 3 == 0 ? text_value(key) : i % 3 == 1 ? set_value({key}) : hash_value({{"field", key}}))) << i;
    }
  }
}

TEST_P(CacheSuite, AGroupIsWrittenInItsOrder) {
  ASSERT_TRUE(ok(write({put_text("k", "first"), erase("k"), put_fields("k", {{"a", "1"}}), put_fields("k", {{"b", "2"}})})));
  EXPECT_EQ(value(CacheKind::hash, "k"), hash_value({{"a", "1"}, {"b", "2"}}));
}

TEST_P(CacheSuite, TheCacheAnswersAPing) { EXPECT_TRUE(ok(cache_->ping())); }

TEST_P(CacheSuite, NoQueriesAndNoWritesAreNoWork) {
  EXPECT_TRUE(cache_->read({}).empty());
  EXPECT_TRUE(cache_->write({}).empty());
}

}  // namespace
}  // namespace lernd
