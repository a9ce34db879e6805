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

Option service_base_option(std::string name, const std::string& doc) {
  return {.name = std::move(name), .doc = doc + " Without a scheme, http:// is assumed.", .role = Role::url};
}

Option service_path_option(std::string name, std::string default_value, std::string doc) {
  return {.name = std::move(name), .default_value = std::move(default_value), .doc = std::move(doc), .check = fault_of_address};
}

std::string fault_of_address(const std::string& address) {
  return address.empty() || address.find_first_of(" \t\r\n") != std::string::npos ? "it is not an address" : "";
}

std::optional<OptionFault> fault_if_unset(const OptionValues& values, std::string_view option, std::string_view service) {
  if (!values.text(option).empty()) return std::nullopt;
  return OptionFault{std::string(option), fmt::format("{} is not set", option), fmt::format("set it to the address of {}", service)};
}

std::vector<Option> redis_server_options(const RedisRows& rows) {
  return {
      {.name = rows.endpoint + ".host", .default_value = rows.default_host, .doc = fmt::format("Redis server of {}.", rows.what), .role = Role::host},
      {.name = rows.endpoint + ".port",
       .type = OptionType::integer,
       .default_value = "6379",
       .doc = "Port of that server.",
       .min = 1,
       .max = 65535,
       .role = Role::port},
  };
}

std::vector<Option> redis_options(const RedisRows& rows) {
  auto options = redis_server_options(rows);
  options.push_back({.name = rows.endpoint + rows.database,
                     .type = OptionType::integer,
                     .default_value = rows.default_database,
                     .doc = fmt::format("Redis database of {} there.", rows.what),
                     .min = 0});
  return options;
}

Option ignored_option(std::string name) { return {.name = std::move(name), .doc = "Accepted, without effect.", .role = Role::ignored}; }

}  // namespace lernd
