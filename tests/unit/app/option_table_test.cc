#include "app/option_table.h"

#include <gtest/gtest.h>

#include <set>

#include "app/option_checks.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

TEST(OptionTableTest, FindsByNameAliasAndFamily) {
  const OptionTable table({{.name = "a.b", .aliases = {"old.b"}}, {.name = "a.*"}, {.name = "a.long.*"}});
  EXPECT_EQ(table.find("a.b")->name, "a.b");
  EXPECT_EQ(table.find("old.b")->name, "a.b");
  EXPECT_EQ(table.find("a.c")->name, "a.*");
  EXPECT_EQ(table.find("a.long.c")->name, "a.long.*");
  EXPECT_EQ(table.find("a."), nullptr);
  EXPECT_EQ(table.find("b"), nullptr);
}

TEST(OptionTableTest, NearestNameIsTheLikeliestSlip) {
  const auto table = options_for(*find_job("enrolment-reconciliation"));
  EXPECT_EQ(table.nearest("kafka.groupid"), "kafka.groupId");
  EXPECT_EQ(table.nearest("kafka.inptu.topic"), "kafka.input.topic");
  EXPECT_EQ(table.nearest("lms-cassandra.hots"), "lms-cassandra.host");
  EXPECT_EQ(table.nearest("lernd.retry.attempt_max"), "lernd.retry.attempts_max");
  EXPECT_EQ(table.nearest("something.else.altogether"), "");
}

TEST(OptionTableTest, EveryDefaultOfEveryJobPassesItsOwnCheck) {
  for (const auto& job : all_jobs()) {
    const auto table = options_for(job);
    std::set<std::string> names;
    for (const auto& option : table.all()) {
      if (option.name.ends_with('*') || option.role == Option::Role::ignored) continue;
      EXPECT_TRUE(names.insert(option.name).second) << option.name << " stands in the table twice";
      EXPECT_FALSE(option.doc.empty()) << option.name;
      if (option.role == Option::Role::group && option.default_value.empty()) continue;  // must be set
      std::string value = option.default_value;
      if (const auto at = value.find("{env}"); at != std::string::npos) value.replace(at, 5, "local");
      const auto fault = check_value(option, value, "default");
      EXPECT_FALSE(fault) << fault->text();
    }
  }
}

TEST(OptionTableTest, CacheServersOfAJobHaveCredentials) {
  const auto table = options_for(*find_job("enrolment-reconciliation"));
  ASSERT_NE(table.find("lernd.redis.password"), nullptr);
  EXPECT_EQ(table.find("lernd.redis.password")->role, Option::Role::secret);
}

TEST(OptionTable, AJobWithLargeEventsHasSmallerBatches) {
  EXPECT_EQ(options_for(*find_job("enrolment-reconciliation")).find("lernd.batch.records_max")->default_value, "500");
  EXPECT_EQ(options_for(*find_job("merge-user-courses")).find("lernd.batch.records_max")->default_value, "100");
}

}  // namespace
}  // namespace lernd
