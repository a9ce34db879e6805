#include "jobs/relation_cache_updater/options.h"

namespace lernd::relation_cache_updater {

using Role = Option::Role;

std::vector<Option> option_table() {
  return {
      {.name = "kafka.input.topic",
       .default_value = "{env}.content.postpublish.request",
       .doc = "Topic that tells which collections were published.",
       .role = Role::topic},
      {.name = "kafka.groupId",
       .default_value = "{env}-relation-cache-updater-group",
       .doc = "Consumer group. Give it the name the Flink job had, and work goes on where that job stopped.",
       .role = Role::group},
      {.name = "lms-cassandra.keyspace", .default_value = "dev_hierarchy_store", .doc = "Keyspace of the hierarchies."},
      {.name = "lms-cassandra.table", .default_value = "content_hierarchy", .doc = "Table of the hierarchies; read."},
      {.name = "redis.database.index",
       .type = OptionType::integer,
       .default_value = "10",
       .doc = "Redis database of the leaf, optional and ancestor sets: the one the progress jobs have in `redis.database.relationCache.id`.",
       .min = 0},
      {.name = "dp-redis.host", .default_value = "11.2.4.22", .doc = "Redis server of the units.", .role = Role::host},
      {.name = "dp-redis.port",
       .type = OptionType::integer,
       .default_value = "6379",
       .doc = "Port of that server.",
       .min = 1,
       .max = 65535,
       .role = Role::port},
      {.name = "dp-redis.database.index", .type = OptionType::integer, .default_value = "5", .doc = "Redis database of the units there.", .min = 0},
  };
}

Options options_from(const OptionValues& values) {
  return {
      .hierarchies = {values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.table")},
      .relation_cache = {"redis", static_cast<int>(values.integer("redis.database.index"))},
      .unit_cache = {"dp-redis", static_cast<int>(values.integer("dp-redis.database.index"))},
  };
}

}  // namespace lernd::relation_cache_updater
