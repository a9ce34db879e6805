#pragma once

#include <cstdint>
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

/// What is wrong with options that are right each by itself. `option` is the one to change; the texts are those of a fault as `validate` reports it.
struct OptionFault {
  std::string option;
  std::string what;
  std::string remedy;
  bool operator==(const OptionFault&) const = default;
};

/// A table a job uses: its deployed shape, in which the embedded store and `lernd schema` create it, the columns the job reads or writes (others of the shape
/// may be missing in an installation), and the option that holds its name.
struct TableUse {
  TableSchema shape;
  std::vector<std::string> needed;
  std::string option;
  bool ours = false;  ///< only this program uses it, so `lernd schema` creates it; the others are the platform's
};

/// Everything the program must know about a job besides its rules: for wiring, `validate`, `schema`, `--help` and the generated documents.
struct JobDescription {
  std::string name;                  ///< `enrolment-reconciliation`
  std::vector<std::string> aliases;  ///< other names it is known by
  std::string summary;               ///< one sentence
  /// The job's own options. Those that say where the services are (`kafka.broker-servers`, `lms-cassandra.host`, `redis.host`, …), `job.env` and the keys of
  /// the reference's base configuration without effect are the same for all jobs and stand in the program's own table (`app/`).
  std::vector<Option> options;
  std::string input_topic_option;
  std::string group_option;
  std::vector<std::string> output_topic_options;
  std::vector<std::string> counters;  ///< all names the job counts, so that they are there with 0
  std::function<std::unique_ptr<Job>(const OptionValues&)> make;
  /// The tables, with the names from the options.
  std::function<std::vector<TableUse>(const OptionValues&)> tables;
  std::function<std::vector<CacheId>(const OptionValues&)> caches;
  /// The search indices it changes. They stand on the servers of `es.basePath`.
  std::vector<std::string> indices = {};
  /// Those it calls with these values.
  std::function<std::vector<ServiceUse>(const OptionValues&)> services = [](const OptionValues&) { return std::vector<ServiceUse>(); };
  /// What is wrong with the options taken together. Never called while one of the options is faulty by itself.
  std::function<std::vector<OptionFault>(const OptionValues&)> check = [](const OptionValues&) { return std::vector<OptionFault>(); };
  /// A plan that is computed again after its own writes, or some of them, does the same as before; so the job needs no journal.
  bool replayable = false;
  /// Default of `lernd.batch.records_max`: fewer where an event takes much memory.
  std::int64_t batch_records = 500;
};

}  // namespace lernd
