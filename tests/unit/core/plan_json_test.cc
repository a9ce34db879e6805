#include "core/plan_json.h"

#include <gtest/gtest.h>

#include <string>

#include "support/seed.h"
#include "unit/core/random_plan.h"

namespace lernd {
namespace {

template <class Thing>
std::string json_of(const Thing& thing) {
  std::string text;
  JsonWriter json(text);
  append_json(json, thing);
  return text;
}

Result<Plan> plan_in(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return plan_from_json(document->root());
}

Result<Value> value_in(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return value_from_json(document->root());
}

Plan one_of_each() {
  Plan plan;
  plan.stages.push_back({RowGroup{{.table = {"school", "learner"},
                                   .key = {{"id", "u1"}},
                                   .set = {{"name", "Asha"}, {"left", {}}, {"marks", ValueMap{{{"a", 1.0}}}, Assignment::Mode::merge}}}}});
  plan.stages.push_back({CacheGroup{{.kind = CacheWrite::Kind::put_fields,
                                     .cache = {"redis", 12},
                                     .key = "user:u1",
                                     .value = {.text = {}, .members = {}, .fields = {{"name", "Asha"}}},
                                     .expiry = std::chrono::seconds(60),
                                     .drop = {"state"}}}});
  plan.stages.push_back({DocumentGroup{{.document = {"batch", "b1"}, .from = "u1", .to = "u2", .distinct = {"mentors"}}}});
  plan.outputs = {{"audit", {}, "{}", {{"h", "1"}}}};
  plan.remarks = {{.what = "u2 has it", .about = "batch=b1", .audit = true}};
  return plan;
}

TEST(PlanJson, IsWhatTheHeaderSays) {
  EXPECT_EQ(json_of(one_of_each()),
            R"({"stages":[[[{"update":["school","learner"],"key":{"id":"u1"},"set":{"name":"Asha","left":null},"merge":{"marks":{"map":[["a",1.0]]}}}]],)"
            R"([[{"put_fields":"user:u1","endpoint":"redis","database":12,"expiry_s":60,"members":[],"fields":[["name","Asha"]],"drop":["state"]}]],)"
            R"([[{"change":["batch","b1"],"from":"u1","to":"u2","distinct":["mentors"]}]]],)"
            R"("outputs":[{"topic":"audit","value":"{}","headers":[["h","1"]]}],"audit":[["u2 has it","batch=b1"]]})");
  EXPECT_EQ(json_of(Value(Timestamp{5})), R"({"timestamp":5})");
  EXPECT_EQ(json_of(Value(ValueBytes{"\x01\xff"})), R"({"bytes":"01ff"})");
  EXPECT_EQ(json_of(Value(ValueList{{1, 2.5, true}})), R"({"list":[1,2.5,true]})");
  EXPECT_EQ(json_of(Value("\xff")), R"({"text_hex":"ff"})");
}

TEST(PlanJson, ReadsBackEveryPlan) {
  RandomPlans plans(test_seed());
  for (int round = 0; round < 3000; ++round) {
    const Plan plan = plans.plan();
    const std::string text = json_of(plan);
    ASSERT_TRUE(is_utf8(text));
    const auto read = plan_in(text);
    ASSERT_TRUE(read) << text;
    ASSERT_EQ(*read, plan) << text;
  }
}

TEST(PlanJson, ReadsBackEveryValue) {
  RandomPlans plans(test_seed());
  for (int round = 0; round < 3000; ++round) {
    const Value value = plans.value();
    const auto read = value_in(json_of(value));
    ASSERT_TRUE(read) << json_of(value);
    ASSERT_EQ(*read, value) << json_of(value);
  }
}

TEST(PlanJson, CountersAndPlainRemarksAreNotKept) {
  Plan plan = one_of_each();
  plan.counts.add("total-events-count");
  plan.remarks.push_back({"something odd", "u1"});
  const auto read = plan_in(json_of(plan));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->counts, Counts());
  EXPECT_EQ(*read, one_of_each());
}

TEST(PlanJson, WhatItDidNotWriteIsCorrupt) {
  for (const auto* text : {
           "null",
           "[]",
           "{}",
           R"({"stages":[]})",
           R"({"outputs":[]})",
           R"({"stages":{},"outputs":[]})",
           R"({"stages":null,"outputs":[]})",
           R"({"stages":[{}],"outputs":[]})",
           R"({"stages":[["x"]],"outputs":[]})",
           R"({"stages":[[[{}]]],"outputs":[]})",
           R"({"stages":[[[null]]],"outputs":[]})",
           R"({"stages":[[[{"upsert":["k","t"],"key":{},"set":{},"merge":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"update":["k"],"key":{},"set":{},"merge":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"update":["k",1],"key":{},"set":{},"merge":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"update":["k","t"],"key":[],"set":{},"merge":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"update":["k","t"],"key":{},"merge":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"update":["k","t"],"key":{},"set":{"a":[]},"merge":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"put_set":"k","endpoint":"redis","database":"1","members":[],"fields":[]}]]],"outputs":[]})",
           R"({"stages":[[[{"put_set":"k","endpoint":"redis","database":4294967296,"members":[],"fields":[]}]]],"outputs":[]})",
           R"({"stages":[[[{"put_set":"k","endpoint":"redis","database":1,"members":{},"fields":[]}]]],"outputs":[]})",
           R"({"stages":[[[{"put_set":"k","endpoint":"redis","database":1,"members":[1],"fields":[]}]]],"outputs":[]})",
           R"({"stages":[[[{"put_hash":"k","endpoint":"redis","database":1,"members":[],"fields":[["a"]]}]]],"outputs":[]})",
           R"({"stages":[[[{"put_hash":"k","endpoint":"redis","database":1,"members":[],"fields":[],"expiry_s":"1"}]]],"outputs":[]})",
           R"({"stages":[[[{"put_fields":"k","endpoint":"redis","database":1,"members":[],"fields":[],"drop":{}}]]],"outputs":[]})",
           R"({"stages":[[[{"put_fields":"k","endpoint":"redis","database":1,"members":[],"fields":[],"drop":[1]}]]],"outputs":[]})",
           R"({"stages":[],"outputs":{}})",
           R"({"stages":[],"outputs":[{}]})",
           R"({"stages":[],"outputs":[{"topic":null}]})",
           R"({"stages":[],"outputs":[{"topic":"t","value":1}]})",
           R"({"stages":[],"outputs":[{"topic":"t","headers":{}}]})",
           R"({"stages":[],"outputs":[{"topic":"t","headers":[["a","b","c"]]}]})",
           R"({"stages":[],"outputs":[{"topic":"t","key":{"text_hex":"f"}}]})",
           R"({"stages":[],"outputs":[{"topic":"t","key":{"text_hex":1}}]})",
           R"({"stages":[],"outputs":[],"audit":{}})",
           R"({"stages":[],"outputs":[],"audit":["x"]})",
           R"({"stages":[],"outputs":[],"audit":[["x"]]})",
           R"({"stages":[],"outputs":[],"audit":[["x",7]]})",
       }) {
    const auto read = plan_in(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().treatment, Treatment::fatal);
    EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  }
}

TEST(PlanJson, AValueItDidNotWriteIsCorrupt) {
  for (const auto* text : {"[]", "{}", R"({"other":1})", R"({"timestamp":"1"})", R"({"timestamp":1.0})", R"({"bytes":1})", R"({"bytes":"0"})",
                           R"({"bytes":"0g"})", R"({"bytes":"-1"})", R"({"list":{}})", R"({"list":[[]]})", R"({"map":{}})", R"({"map":[[1]]})",
                           R"({"map":[1]})", R"({"map":[[1,[]]]})", R"({"text_hex":"zz"})"}) {
    const auto read = value_in(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().treatment, Treatment::fatal);
    EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  }
}

/// Changes a few bytes. What is still JSON must be refused as corrupt, or be a plan that is written and read as itself.
TEST(PlanJson, DamageIsRefusedOrAPlan) {
  RandomPlans plans(test_seed());
  int refused = 0;
  int still_json = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text = json_of(plans.plan());
    static constexpr std::string_view kBytes = "{}[],:\"0-atnue";
    for (auto n = 1 + plans.below(2); n > 0; --n) text[plans.below(text.size())] = kBytes[plans.below(kBytes.size())];
    const auto document = JsonDocument::parse(text);
    if (!document) continue;
    ++still_json;
    const auto read = plan_from_json(document->root());
    if (read) {
      ASSERT_EQ(plan_in(json_of(*read)), *read) << text;
    } else {
      ASSERT_EQ(read.error().code, ErrorCode::corrupt);
      ASSERT_EQ(read.error().treatment, Treatment::fatal);
      ++refused;
    }
  }
  EXPECT_GT(still_json, 100);
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace lernd
