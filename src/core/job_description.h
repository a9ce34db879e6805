#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/ask.h"
#include "core/job.h"
#include "core/options.h"
#include "core/table.h"

namespace lernd {

/// An HTTP service a job calls: its short name and the option that holds its base URL.
struct ServiceUse {
  std::string name;
  std::string url_option;
};

/// Everything the program must know about a job besides its rules: for wiring, `validate`, `schema`, `--help` and the generated documents.
struct JobDescription {
  std::string name;     ///< `enrolment-reconciliation`
  std::string summary;  ///< one sentence
  std::vector<Option> options;
  std::string input_topic_option;
  std::string group_option;
  std::vector<std::string> output_topic_options;
  std::vector<std::string> counters;  ///< all names the job counts, so that they are there with 0
  std::function<std::unique_ptr<Job>(const OptionValues&)> make;
  /// The tables and the columns the job reads or writes in them, with the names from the options.
  std::function<std::vector<TableSchema>(const OptionValues&)> tables;
  std::function<std::vector<CacheId>(const OptionValues&)> caches;
  std::vector<ServiceUse> services;
};

}  // namespace lernd
