#include "jobs/course_progress/options.h"

namespace lernd::course_progress {
namespace {

using Role = Option::Role;

std::string search_url(std::string base) {
  while (base.ends_with('/')) base.pop_back();
  if (base.find("://") == std::string::npos) base.insert(0, "http://");
  return base + "/v3/search";
}

}  // namespace

std::vector<Option> common_options() {
  return {
      {.name = "kafka.output.audit.topic",
       .default_value = "{env}.telemetry.raw",
       .doc = "Topic of the audit events.",
       .aliases = {"kafka.audit.topic"},
       .role = Role::topic},
      {.name = "kafka.output.certissue.topic",
       .default_value = "{env}.issue.certificate.request",
       .doc = "Topic of the certificate requests.",
       .aliases = {"kafka.certissue.topic"},
       .role = Role::topic},
      {.name = "lms-cassandra.keyspace", .default_value = "sunbird_courses", .doc = "Keyspace of the three tables."},
      {.name = "lms-cassandra.consumption.table",
       .default_value = "user_content_consumption",
       .doc = "Table of what a learner has consumed.",
       .aliases = {"lms-cassandra.content_consumption.table"}},
      {.name = "lms-cassandra.user_activity_agg.table", .default_value = "user_activity_agg", .doc = "Table of the activity aggregates; written."},
      {.name = "lms-cassandra.user_enrolments.table", .default_value = "user_enrolments", .doc = "Table of the enrolments; read and written."},
      {.name = "redis.database.relationCache.id",
       .type = OptionType::integer,
       .default_value = "10",
       .doc = "Redis database of the leaf, optional and ancestor sets, as relation-cache-updater fills it.",
       .min = 0},
      {.name = "threshold.batch.write.size",
       .type = OptionType::integer,
       .default_value = "10",
       .unit = "rows",
       .doc = "Most rows in one logged batch.",
       .min = 1,
       .max = 1000},
      {.name = "activity.module.aggs.enabled",
       .type = OptionType::boolean,
       .default_value = "true",
       .doc = "Write aggregates of the units of a course, not only of the course."},
      {.name = "activity.filter.processed.enrolments",
       .type = OptionType::boolean,
       .default_value = "true",
       .doc = "Leave enrolments alone that are missing or completed. Aggregates are written all the same."},
      {.name = "activity.optionalnodes.enabled",
       .type = OptionType::boolean,
       .default_value = "true",
       .doc = "Take optional contents out of the leaf sets. False: as the Flink job enrolment-reconciliation, which did not."},
      {.name = "activity.collection.status.cache.expiry",
       .type = OptionType::integer,
       .default_value = "3600",
       .unit = "s",
       .doc = "How long the status of a collection, once answered by the search service, is remembered.",
       .min = 0},
      {.name = "service.search.basePath",
       .default_value = "http://11.2.6.6/search",
       .doc = "Base URL of the search service; /v3/search is appended. Without a scheme, http:// is assumed.",
       .role = Role::url},
  };
}

Options options_from(const OptionValues& values) {
  const std::string& keyspace = values.text("lms-cassandra.keyspace");
  return {
      .tables = {.consumption = {keyspace, values.text("lms-cassandra.consumption.table")},
                 .aggregates = {keyspace, values.text("lms-cassandra.user_activity_agg.table")},
                 .enrolments = {keyspace, values.text("lms-cassandra.user_enrolments.table")}},
      .relation_cache = {.cache = {"redis", static_cast<int>(values.integer("redis.database.relationCache.id"))},
                         .optional_nodes = values.boolean("activity.optionalnodes.enabled")},
      .failed_topic = values.text("kafka.output.failed.topic"),
      .audit_topic = values.text("kafka.output.audit.topic"),
      .certificate_topic = values.text("kafka.output.certissue.topic"),
      .write_group_rows = static_cast<std::size_t>(values.integer("threshold.batch.write.size")),
      .unit_aggregates = values.boolean("activity.module.aggs.enabled"),
      .skip_processed = values.boolean("activity.filter.processed.enrolments"),
      .search_url = search_url(values.text("service.search.basePath")),
      .status_remembered = std::chrono::seconds(values.integer("activity.collection.status.cache.expiry")),
  };
}

}  // namespace lernd::course_progress
