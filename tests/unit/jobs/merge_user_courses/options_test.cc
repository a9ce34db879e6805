#include "jobs/merge_user_courses/options.h"

#include <gtest/gtest.h>

#include "unit/jobs/merge_user_courses/merging.h"

namespace lernd::merge_user_courses {
namespace {

const Option& option(const std::string& name) {
  static const auto table = option_table();
  return option_named(table, name);
}

// Section 12 of the specification, and 8.1 for the second topic.
TEST(MergeOptions, DefaultsOfTheSpecification) {
  const std::map<std::string, std::string> specified = {
      {"kafka.input.topic", "{env}.lms.user.account.merge"},
      {"kafka.groupId", ""},
      {"kafka.output.course.batch.updater.topic", "{env}.coursebatch.job.request"},
      {"kafka.output.enrolment.sync.topic", "{env}.batch.enrolment.sync.request"},
      {"kafka.output.failed.topic", "{env}.learning.events.failed"},
      {"lms-cassandra.keyspace", "sunbird_courses"},
      {"lms-cassandra.content_consumption.table", "user_content_consumption"},
      {"lms-cassandra.user_enrolments.table", "user_enrolments"},
      {"lms-cassandra.user_activity_agg.table", "user_activity_agg"},
      {"lms-cassandra.merged_events.table", "lernd_merged"},
      {"course.date.format", "yyyy-MM-dd HH:mm:ss:SSSZ"},
      {"task.course_batch_updater.parallelism", ""},
  };
  EXPECT_EQ(defaults_in(option_table()), specified);
  EXPECT_EQ(option("kafka.groupId").role, Option::Role::group) << "which must not be empty";
  EXPECT_EQ(option("kafka.output.enrolment.sync.topic").role, Option::Role::optional_topic);
}

TEST(MergeOptions, AreTakenFromTheValues) {
  OptionValues values;
  for (const Option& one : option_table()) values.set(one.name, one.name + "!");
  values.set("course.date.format", "yyyy");
  const Options options = options_from(values);
  EXPECT_EQ(options.contents, (TableName{"lms-cassandra.keyspace!", "lms-cassandra.content_consumption.table!"}));
  EXPECT_EQ(options.enrolments.table, "lms-cassandra.user_enrolments.table!");
  EXPECT_EQ(options.aggregates.table, "lms-cassandra.user_activity_agg.table!");
  EXPECT_EQ(options.ledger, (TableName{"lms-cassandra.keyspace!", "lms-cassandra.merged_events.table!"}));
  EXPECT_EQ(options.course_batch_topic, "kafka.output.course.batch.updater.topic!");
  EXPECT_EQ(options.enrolment_sync_topic, "kafka.output.enrolment.sync.topic!");
  EXPECT_EQ(options.failed_topic, "kafka.output.failed.topic!");
  EXPECT_EQ(options.dates.read("1970"), Timestamp{0});
}

TEST(MergeOptions, AFormatThatCannotBeReadIsRefused) {
  auto* const check = option("course.date.format").check;
  ASSERT_NE(check, nullptr);
  EXPECT_EQ(check("yyyy-MM-dd HH:mm:ss:SSSZ"), "");
  EXPECT_NE(check("dd MMM yyyy"), "");
}

}  // namespace
}  // namespace lernd::merge_user_courses
