#include "jobs/relation_cache_updater/options.h"

#include <algorithm>
#include <iterator>

#include "jobs/option_rows.h"

namespace lernd::relation_cache_updater {

std::vector<Option> option_table() {
  std::vector<Option> options = {
      input_topic_option("{env}.content.postpublish.request", "Topic that tells which collections were published."),
      group_option("{env}-relation-cache-updater-group"),
      {.name = "lms-cassandra.keyspace", .default_value = "dev_hierarchy_store", .doc = "Keyspace of the hierarchies."},
      {.name = "lms-cassandra.table", .default_value = "content_hierarchy", .doc = "Table of the hierarchies; read."},
      {.name = "redis.database.index",
       .type = OptionType::integer,
       .default_value = "10",
       .doc = "Redis database of the leaf, optional and ancestor sets: the one the progress jobs have in `redis.database.relationCache.id`.",
       .min = 0},
  };
  std::ranges::move(redis_options({.endpoint = "dp-redis", .what = "the units", .default_host = "11.2.4.22", .default_database = "5"}),
                    std::back_inserter(options));
  return options;
}

Options options_from(const OptionValues& values) {
  return {
      .hierarchies = {values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.table")},
      .relation_cache = {"redis", static_cast<int>(values.integer("redis.database.index"))},
      .unit_cache = {"dp-redis", static_cast<int>(values.integer("dp-redis.database.index"))},
  };
}

}  // namespace lernd::relation_cache_updater
