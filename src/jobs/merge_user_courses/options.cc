#include "jobs/merge_user_courses/options.h"

#include "jobs/option_rows.h"

namespace lernd::merge_user_courses {
namespace {

using Role = Option::Role;

constexpr const char* kDefaultDates = "yyyy-MM-dd HH:mm:ss:SSSZ";

std::string fault_of_format(const std::string& pattern) {
  const auto format = DateFormat::compile(pattern);
  return format ? std::string() : format.error().text;
}

}  // namespace

std::vector<Option> option_table() {
  return {
      input_topic_option("{env}.lms.user.account.merge", "Topic of the merge requests."),
      {.name = "kafka.groupId",
       .doc = "Consumer group, to be set. Give it the name the Flink job had, usually the name of the installation with -merge-courses-group behind it, and "
              "work goes on where that job stopped.",
       .role = Role::group},
      {.name = "kafka.output.course.batch.updater.topic",
       .default_value = "{env}.coursebatch.job.request",
       .doc = "Topic of the batch enrolment sync events: one for each enrolment of the target.",
       .role = Role::topic},
      {.name = "kafka.output.enrolment.sync.topic",
       .default_value = "{env}.batch.enrolment.sync.request",
       .doc = "Topic of the same events in the form that enrolment-reconciliation takes, so that progress is computed anew after a merge. Empty: off.",
       .role = Role::optional_topic},
      {.name = "kafka.output.failed.topic",
       .default_value = "{env}.learning.events.failed",
       .doc = "Topic of the failed events: messages that name no two accounts, cannot be read or could not be carried out.",
       .role = Role::topic},
      {.name = "lms-cassandra.keyspace", .default_value = "sunbird_courses", .doc = "Keyspace of the tables."},
      {.name = "lms-cassandra.content_consumption.table",
       .default_value = "user_content_consumption",
       .doc = "Table of what a learner has consumed; read and written.",
       .aliases = {"lms-cassandra.consumption.table"}},
      {.name = "lms-cassandra.user_enrolments.table", .default_value = "user_enrolments", .doc = "Table of the enrolments; read and written."},
      {.name = "lms-cassandra.user_activity_agg.table", .default_value = "user_activity_agg", .doc = "Table of the activity aggregates; read and written."},
      {.name = "lms-cassandra.merged_events.table",
       .default_value = "lernd_merged",
       .doc = "Table of the job's own in which it remembers whose counts it has added, so that they are added once; `lernd schema` creates it."},
      {.name = "course.date.format",
       .default_value = kDefaultDates,
       .doc = "Format of the text dates in the consumption table, in the letters of Java's SimpleDateFormat: yyyy, M, d, H, m, s, S, Z and literals.",
       .check = fault_of_format},
      ignored_option("task.course_batch_updater.parallelism"),
  };
}

Options options_from(const OptionValues& values) {
  const std::string& keyspace = values.text("lms-cassandra.keyspace");
  // The option table has checked the format; the default stands in where somebody passes values that were never checked.
  const auto dates = DateFormat::compile(values.text("course.date.format"));
  return {
      .contents = {keyspace, values.text("lms-cassandra.content_consumption.table")},
      .enrolments = {keyspace, values.text("lms-cassandra.user_enrolments.table")},
      .aggregates = {keyspace, values.text("lms-cassandra.user_activity_agg.table")},
      .ledger = {keyspace, values.text("lms-cassandra.merged_events.table")},
      .course_batch_topic = values.text("kafka.output.course.batch.updater.topic"),
      .enrolment_sync_topic = values.text("kafka.output.enrolment.sync.topic"),
      .failed_topic = values.text("kafka.output.failed.topic"),
      .dates = dates.value_or(*DateFormat::compile(kDefaultDates)),
  };
}

}  // namespace lernd::merge_user_courses
