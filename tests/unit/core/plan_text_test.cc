#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "core/plan_json.h"
#include "support/seed.h"
#include "unit/core/random_plan.h"

namespace lernd {
namespace {

TEST(PlanText, OneLineAWriteOrRecord) {
  Plan plan;
  plan.stages.push_back({RowGroup{{.table = {"sunbird_courses", "user_enrolments"},
                                   .key = {{"userid", "u1"}, {"courseid", "do_1"}},
                                   .set = {{"status", 2}, {"completedon", Timestamp{1690000000123}}, {"contentstatus", ValueMap{{{"c1", 2}, {"c2", 1}}}}}},
                                  {.kind = RowWrite::Kind::erase, .table = {"k", "t"}, .key = {{"id", 7}}, .set = {}}},
                         RowGroup{{.kind = RowWrite::Kind::insert,
                                   .table = {"k", "t"},
                                   .key = {{"id", 8}},
                                   .set = {{"aggregates", ValueMap{{{"completedCount", 3.0}}}, Assignment::Mode::merge}}}}});
  plan.stages.push_back(
      {CacheGroup{{.kind = CacheWrite::Kind::put_text, .cache = {"redis", 2}, .key = "k", .value = {.text = "v"}, .expiry = std::chrono::seconds(60)},
                  {.kind = CacheWrite::Kind::put_set, .cache = {"redis", 10}, .key = "s", .value = {.text = {}, .members = {"a", "b"}}},
                  {.kind = CacheWrite::Kind::put_hash, .cache = {"redis", 10}, .key = "h", .value = {.text = {}, .members = {}, .fields = {{"f", "1"}}}},
                  {.kind = CacheWrite::Kind::put_fields,
                   .cache = {"redis", 12},
                   .key = "f",
                   .value = {.text = {}, .members = {}, .fields = {{"new", "1"}}},
                   .drop = {"old", "older"}},
                  {.kind = CacheWrite::Kind::erase, .cache = {"redis", 10}, .key = "old", .value = {}}}});
  plan.outputs = {{"audit", {}, R"({"eid":"AUDIT"})", {}}, {"compacted", "k1", {}, {}}};
  EXPECT_EQ(
      describe(plan, "  "),
      "  update sunbird_courses.user_enrolments (userid 'u1', courseid 'do_1') status = 2 completedon = 2023-07-22T04:26:40.123Z contentstatus = {'c1': 2, "
      "'c2': 1}\n"
      "  delete k.t (id 7)\n"
      "  insert k.t (id 8) aggregates += {'completedCount': 3.0}\n"
      "  put text redis[2] 'k' = 'v' for 60 s\n"
      "  put set redis[10] 's' 'a' 'b'\n"
      "  put hash redis[10] 'h' 'f'='1'\n"
      "  put fields redis[12] 'f' -'old' -'older' 'new'='1'\n"
      "  delete redis[10] 'old'\n"
      "  send to audit: {\"eid\":\"AUDIT\"}\n"
      "  send to compacted with key 'k1': (tombstone)\n");
}

TEST(PlanText, AnEmptyPlanSaysSo) { EXPECT_EQ(describe(Plan(), "> "), "> nothing to write or send\n"); }

TEST(PlanText, ValuesMuchAsCqlShowsThem) {
  EXPECT_EQ(describe(Value()), "null");
  EXPECT_EQ(describe(Value(true)), "true");
  EXPECT_EQ(describe(Value(-5)), "-5");
  EXPECT_EQ(describe(Value(0.25)), "0.25");
  EXPECT_EQ(describe(Value("it's")), "'it''s'");
  EXPECT_EQ(describe(Value("a\n\x1b[31mb")), "'a\\x0a\\x1b[31mb'");
  EXPECT_EQ(describe(Value(ValueBytes{"abc"})), "<3 bytes>");
  EXPECT_EQ(describe(Value(ValueList{{1, "x"}})), "[1, 'x']");
}

TEST(PlanText, TimesInUtc) {
  EXPECT_EQ(iso_text({0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_text({1690000000123}), "2023-07-22T04:26:40.123Z");
  EXPECT_EQ(iso_text({951782399999}), "2000-02-28T23:59:59.999Z");
  EXPECT_EQ(iso_text({951782400000}), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(iso_text({-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_text({-1000}), "1969-12-31T23:59:59.000Z");
  EXPECT_EQ(iso_text({253402300799999}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(iso_text({std::numeric_limits<std::int64_t>::min()}), "-292275055-05-16T16:47:04.192Z");
  EXPECT_EQ(iso_text({std::numeric_limits<std::int64_t>::max()}), "292278994-08-17T07:12:55.807Z");
}

TEST(PlanText, EveryPlanHasALineForEachThingItDoes) {
  RandomPlans plans(test_seed());
  for (int round = 0; round < 1000; ++round) {
    const Plan plan = plans.plan();
    std::size_t things = plan.outputs.size();
    for (const WriteStage& stage : plan.stages) {
      for (const WriteGroup& group : stage) things += std::visit([](const auto& writes) { return writes.size(); }, group);
    }
    const std::string text = describe(plan, "");
    ASSERT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), std::max<std::size_t>(things, 1)) << text;
  }
}

}  // namespace
}  // namespace lernd
