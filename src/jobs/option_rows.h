#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"

namespace lernd {

/// Rows of the option table that several jobs have under the same name.

/// `kafka.input.topic`. `doc` is a whole sentence.
Option input_topic_option(std::string default_value, std::string doc);
/// `kafka.groupId`, of a job whose group has a default.
Option group_option(std::string default_value);
/// A Redis server of a job's own.
struct RedisRows {
  std::string endpoint;      ///< before `.host` and `.port`
  std::string what;          ///< it holds, for the texts
  std::string default_host;  ///< as shipped
  std::string default_database;
  std::string database = ".database.index";  ///< behind the endpoint: the key that says which database
};
std::vector<Option> redis_options(const RedisRows& rows);
/// A key that the Flink job has and that is without effect here.
Option ignored_option(std::string name);

}  // namespace lernd
