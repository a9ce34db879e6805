#include "jobs/relation_cache_updater/rules.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/seed.h"
#include "unit/jobs/school.h"

namespace lernd::relation_cache_updater {
namespace {

using Values = std::map<std::string, std::uint64_t>;

Options defaults() { return options_from(default_values(option_table())); }

CollectionPublished published(std::size_t messages = 1) {
  CollectionPublished event;
  event.collection_id = "do_1";
  event.messages = messages;
  return event;
}

/// Runs the rules on a table that holds this hierarchy, or no row.
Step step_of(const std::optional<Value>& hierarchy, const CollectionPublished& event = published()) {
  Facts facts;
  const Step first = advance(event, facts, defaults());
  const Ask* ask = std::get_if<Ask>(&first);
  if (ask == nullptr || ask->rows.size() != 1 || !ask->cache.empty() || !ask->http.empty()) {
    ADD_FAILURE() << "the rules ask for one row, once";
    return first;
  }
  EXPECT_EQ(ask->rows[0], (RowsQuery{{"dev_hierarchy_store", "content_hierarchy"}, {"hierarchy"}, {{"identifier", "do_1"}}}));
  Rows rows({"hierarchy"});
  if (hierarchy) rows.add({*hierarchy});
  facts.put(ask->rows[0], rows);
  return advance(event, facts, defaults());
}

Plan plan_of(const std::optional<Value>& hierarchy, const CollectionPublished& event = published()) {
  const Step step = step_of(hierarchy, event);
  const Plan* plan = std::get_if<Plan>(&step);
  EXPECT_NE(plan, nullptr);
  return plan == nullptr ? Plan() : *plan;
}

/// The writes of every stage, as `database key kind values`.
std::vector<std::vector<std::string>> lines(const Plan& plan) {
  std::vector<std::vector<std::string>> stages;
  for (const WriteStage& stage : plan.stages) {
    auto& lines = stages.emplace_back();
    for (const WriteGroup& group : stage) {
      for (const CacheWrite& write : std::get<CacheGroup>(group)) {
        std::string line = write.cache.endpoint + "/" + std::to_string(write.cache.database) + " " + write.key;
        EXPECT_EQ(write.expiry.count(), 0);
        if (write.kind == CacheWrite::Kind::erase) line += " -";
        if (write.kind == CacheWrite::Kind::put_text) line += " = " + write.value.text.value_or("(nothing)");
        for (const auto& member : write.value.members) line += " " + member;
        lines.push_back(line);
      }
    }
  }
  return stages;
}

const std::string kUnit =
    R"({"identifier":"u1","mimeType":"application/vnd.ekstep.content-collection","visibility":"Parent","children":[{"identifier":"c1","mimeType":"application/pdf","relationalMetadata":{"optional":true}}]})";
const std::string kCourse = R"({"identifier":"do_1","mimeType":"application/vnd.ekstep.content-collection","visibility":"Default","children":[)" + kUnit +
                            R"(,{"identifier":"u2","mimeType":"application/vnd.ekstep.content-collection","visibility":"Parent"}]})";

TEST(RelationRules, WriteSetsThenUnits) {
  const Plan plan = plan_of(kCourse);
  EXPECT_EQ(lines(plan), (std::vector<std::vector<std::string>>{
                             {"redis/10 do_1:do_1:leafnodes c1", "redis/10 do_1:u1:leafnodes c1", "redis/10 do_1:u2:leafnodes -"},
                             {"redis/10 do_1:do_1:optionalnodes c1", "redis/10 do_1:u1:optionalnodes c1", "redis/10 do_1:u2:optionalnodes -"},
                             {"redis/10 do_1:c1:ancestors do_1 u1"},
                             {"dp-redis/5 u1 = " + kUnit}}));
  EXPECT_TRUE(plan.outputs.empty());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"db-read-count", 1}, {"success-events-count", 1}, {"cache-write-count", 6}}));
}

TEST(RelationRules, AnOptionalUnitIsRemarkedOn) {
  EXPECT_TRUE(plan_of(kCourse).remarks.empty()) << "an optional content is what the word is for";
  std::string course = kCourse;
  course.replace(course.find(R"({"identifier":"u2",)"), 1, R"({"relationalMetadata":{"optional":true},)");
  EXPECT_EQ(plan_of(course).remarks,
            (std::vector<Remark>{{"an optional unit has no effect: readers leave out optional contents alone", "collection do_1, unit u2"}}));
}

TEST(RelationRules, FoldedRecordsAreCountedEach) {
  const Plan plan = plan_of(kCourse, published(3));
  EXPECT_EQ(counts_in(plan.counts), (Values{{"db-read-count", 1}, {"success-events-count", 3}, {"cache-write-count", 6}}));
  EXPECT_EQ(counts_in(plan_of(std::nullopt, published(3)).counts), (Values{{"db-read-count", 1}, {"skipped-event-count", 3}}));
  EXPECT_EQ(counts_in(parked(published(3)).counts), (Values{{"failed-events-count", 3}}));
}

TEST(RelationRules, WithoutAHierarchyTheRecordIsSkipped) {
  for (const auto& none : std::vector<std::optional<Value>>{std::nullopt, Value(), Value(""), Value(" \n"), Value("{}"), Value(" { } ")}) {
    const Plan plan = plan_of(none);
    EXPECT_FALSE(plan.writes());
    EXPECT_EQ(counts_in(plan.counts), (Values{{"db-read-count", 1}, {"skipped-event-count", 1}}));
  }
}

TEST(RelationRules, AHierarchyThatIsNoObjectIsARejectOfThatRecord) {
  for (const std::string text : {"{", "[]", "null", "7", "secret", R"({"identifier":)", "{\"a\":\"\xff\"}"}) {
    const Step step = step_of(Value(text));
    const Reject* reject = std::get_if<Reject>(&step);
    ASSERT_NE(reject, nullptr) << text;
    EXPECT_EQ(reject->error.treatment, Treatment::reject);
    EXPECT_EQ(reject->error.code, ErrorCode::malformed_row);
    EXPECT_EQ(reject->error.text.find("secret"), std::string::npos);
    EXPECT_EQ(counts_in(reject->counts), (Values{{"db-read-count", 1}}));
  }
}

TEST(RelationRules, ABackslashBeforeAnyCharacterIsAccepted) {
  EXPECT_EQ(plan_of(Value(R"({"mimeType":"application\/vnd\.ekstep.content-collection","leafNodes":["c\1"]})")).counts["cache-write-count"], 1u);
}

TEST(RelationRules, ARootThatIsNoCollectionIsASuccessWithoutWrites) {
  const Plan plan = plan_of(Value(R"({"identifier":"do_1","mimeType":"application/pdf"})"));
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"db-read-count", 1}, {"success-events-count", 1}}));
}

TEST(RelationRules, GroupsAreBoundedAndOfOneCache) {
  std::string children;
  for (int i = 0; i < 100; ++i) children += (i == 0 ? "" : ",") + (R"({"identifier":"c)" + std::to_string(i) + R"(","mimeType":"application/pdf"})");
  const Plan plan = plan_of(Value(R"({"mimeType":"application/vnd.ekstep.content-collection","visibility":"Parent","children":[)" + children + "]}"));
  ASSERT_EQ(plan.stages.size(), 4u);
  EXPECT_EQ(plan.stages[2].size(), 7u);
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) {
      const auto& writes = std::get<CacheGroup>(group);
      EXPECT_LE(writes.size(), 16u);
      for (const CacheWrite& write : writes) EXPECT_EQ(write.cache, writes.front().cache);
    }
  }
}

/// What is written does not depend on what was written before, so repeating any part of a plan before the whole of it changes nothing.
TEST(RelationRules, ARepetitionAfterAnyDeathEndsAsAnUndisturbedRun) {
  const auto seed = test_seed();
  std::mt19937_64 random(seed);
  const auto apply = [](const CacheWrite& write, std::map<std::pair<CacheId, std::string>, CacheValue>& cache) {
    cache.erase({write.cache, write.key});
    if (write.kind != CacheWrite::Kind::erase) cache[{write.cache, write.key}] = write.value;
  };
  for (int run = 0; run < 200; ++run) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " run " + std::to_string(run));
    const auto some_tree = [&] {
      const auto grow = [&](auto& self, int depth) -> std::string {
        const std::string id = R"("identifier":"n)" + std::to_string(random() % 12) + "\"";
        const std::string optional = random() % 3 == 0 ? R"("relationalMetadata":{"optional":true},)" : "";
        if (depth > 0 && (depth > 3 || random() % 2 == 0)) return "{" + optional + id + R"(,"mimeType":"application/pdf"})";
        std::string children;
        for (auto n = random() % 4; n > 0; --n) children += self(self, depth + 1) + (n > 1 ? "," : "");
        return "{" + optional + id + R"(,"visibility":"Parent","mimeType":"application/vnd.ekstep.content-collection","children":[)" + children + "]}";
      };
      return grow(grow, 0);
    };
    const Plan before = plan_of(Value(some_tree()));
    const Value tree(some_tree());
    const Plan plan = plan_of(tree);
    std::map<std::pair<CacheId, std::string>, CacheValue> calm;
    for (const WriteStage& stage : before.stages)
      for (const WriteGroup& group : stage)
        for (const CacheWrite& write : std::get<CacheGroup>(group)) apply(write, calm);
    auto disturbed = calm;
    std::vector<CacheWrite> writes;
    for (const WriteStage& stage : plan.stages)
      for (const WriteGroup& group : stage)
        for (const CacheWrite& write : std::get<CacheGroup>(group)) writes.push_back(write);
    for (const CacheWrite& write : writes) apply(write, calm);
    for (auto lives = random() % 3; lives > 0; --lives) {
      for (std::size_t i = 0; i < writes.size() && random() % 8 != 0; ++i) apply(writes[i], disturbed);
    }
    ASSERT_EQ(plan_of(tree), plan);
    for (const CacheWrite& write : writes) apply(write, disturbed);
    ASSERT_EQ(disturbed, calm);
  }
}

}  // namespace
}  // namespace lernd::relation_cache_updater
