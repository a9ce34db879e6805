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

std::vector<Option> redis_options(const std::string& endpoint, std::string default_database, std::string_view what) {
  return {
      {.name = endpoint + ".host", .default_value = "11.2.4.22", .doc = fmt::format("Redis server of {}.", what), .role = Role::host},
      {.name = endpoint + ".port",
       .type = OptionType::integer,
       .default_value = "6379",
       .doc = "Port of that server.",
       .min = 1,
       .max = 65535,
       .role = Role::port},
      {.name = endpoint + ".database.index",
       .type = OptionType::integer,
       .default_value = std::move(default_database),
       .doc = fmt::format("Redis database of {} there.", what),
       .min = 0},
  };
}

Option ignored_option(std::string name) { return {.name = std::move(name), .doc = "Accepted, without effect.", .role = Role::ignored}; }

}  // namespace lernd
