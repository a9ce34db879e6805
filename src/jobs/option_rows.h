#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/job_description.h"
#include "core/options.h"

namespace lernd {

/// Rows of the option table that several jobs have under the same name.

/// `kafka.input.topic`. `doc` is a whole sentence.
Option input_topic_option(std::string default_value, std::string doc);
/// `kafka.groupId`, of a job whose group has a default.
Option group_option(std::string default_value);
/// The base URL of a service; without a default. `doc` is a whole sentence.
Option service_base_option(std::string name, const std::string& doc);
/// The path of a call behind such a base.
Option service_path_option(std::string name, std::string default_value, std::string doc);
/// What is wrong with an address, for `Option::check`.
std::string fault_of_address(const std::string& address);
/// The fault of a service the job cannot do without, when `option` gives it no address.
std::optional<OptionFault> fault_if_unset(const OptionValues& values, std::string_view option, std::string_view service);
/// A Redis server of a job's own.
struct RedisRows {
  std::string endpoint;      ///< before `.host` and `.port`
  std::string what;          ///< it holds, for the texts
  std::string default_host;  ///< as shipped
  std::string default_database;
  std::string database = ".database.index";  ///< behind the endpoint: the key that says which database
};
std::vector<Option> redis_options(const RedisRows& rows);
/// The same without the row of the database.
std::vector<Option> redis_server_options(const RedisRows& rows);
/// A key that the Flink job has and that is without effect here.
Option ignored_option(std::string name);

}  // namespace lernd
