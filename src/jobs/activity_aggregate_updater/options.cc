#include "jobs/activity_aggregate_updater/options.h"

#include <iterator>

#include "jobs/option_rows.h"

namespace lernd::activity_aggregate_updater {

std::vector<Option> option_table() {
  using Role = Option::Role;
  std::vector<Option> options = {
      input_topic_option("{env}.coursebatch.job.request", "Topic of the progress messages."),
      group_option("{env}-activity-aggregate-updater-group"),
      {.name = "kafka.output.failed.topic",
       .default_value = "{env}.activity.agg.failed",
       .doc = "Topic of the failed events: enrolments that could not be computed.",
       .role = Role::topic},
  };
  std::ranges::move(course_progress::common_options(), std::back_inserter(options));
  std::vector<Option> own = {
      {.name = "threshold.batch.read.size",
       .type = OptionType::integer,
       .default_value = "1000",
       .unit = "contents",
       .doc = "Most finished contents of one enrolment that count as one update. Nothing waits for an update to be full.",
       .min = 1},
      {.name = "activity.input.dedup.enabled",
       .type = OptionType::boolean,
       .default_value = "true",
       .doc = "Take a finished content of an enrolment only once, as long as its fingerprint is kept."},
  };
  std::ranges::move(own, std::back_inserter(options));
  std::ranges::move(redis_options({.endpoint = "dedup-redis", .what = "the fingerprints", .default_host = "11.2.4.22", .default_database = "3"}),
                    std::back_inserter(options));
  options.push_back({.name = "dedup-redis.database.expiry",
                     .type = OptionType::integer,
                     .default_value = "604800",
                     .unit = "s",
                     .doc = "How long a fingerprint is kept.",
                     .min = 1});
  for (const auto* name : {"threshold.batch.read.interval", "task.window.shards", "task.dedup.parallelism", "task.activity.agg.parallelism",
                           "task.enrolment.complete.parallelism"}) {
    options.push_back(ignored_option(name));
  }
  return options;
}

Options options_from(const OptionValues& values) {
  return {
      course_progress::options_from(values),
      static_cast<std::size_t>(values.integer("threshold.batch.read.size")),
      values.boolean("activity.input.dedup.enabled"),
      {"dedup-redis", static_cast<int>(values.integer("dedup-redis.database.index"))},
      std::chrono::seconds(values.integer("dedup-redis.database.expiry")),
  };
}

}  // namespace lernd::activity_aggregate_updater
