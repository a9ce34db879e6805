#include "jobs/option_rows.h"

#include <fmt/format.h>

#include <utility>

namespace lernd {

using Role = Option::Role;

Option input_topic_option(std::string default_value, std::string doc) {
  return {.name = "kafka.input.topic", .default_value = std::move(default_value), .doc = std::move(doc), .role = Role::topic};
}

Option group_option(std::string default_value) {
  return {.name = "kafka.groupId",
          .default_value = std::move(default_value),
          .doc = "Consumer group. Give it the name the Flink job had, and work goes on where that job stopped.",
          .role = Role::group};
}

std::vector<Option> redis_options(const RedisRows& rows) {
  return {
      {.name = rows.endpoint + ".host", .default_value = rows.default_host, .doc = fmt::format("Redis server of {}.", rows.what), .role = Role::host},
      {.name = rows.endpoint + ".port",
       .type = OptionType::integer,
       .default_value = "6379",
       .doc = "Port of that server.",
       .min = 1,
       .max = 65535,
       .role = Role::port},
      {.name = rows.endpoint + rows.database,
       .type = OptionType::integer,
       .default_value = rows.default_database,
       .doc = fmt::format("Redis database of {} there.", rows.what),
       .min = 0},
  };
}

Option ignored_option(std::string name) { return {.name = std::move(name), .doc = "Accepted, without effect.", .role = Role::ignored}; }

}  // namespace lernd
