#include "app/demo/fill.h"

#include <algorithm>
#include <iterator>

#include "app/schema.h"
#include "app/services.h"
#include "app/system_clock.h"

namespace lernd::demo {
namespace {

constexpr std::size_t kRowsAtOnce = 1000;

}  // namespace

Result<void> prepare(const JobSetup& setup, const std::vector<std::string>& messages, Log& log) {
  const auto services = make_services(*setup.job, setup.values, log);
  if (auto made = apply_schema(setup, *services, true); !made) return std::unexpected(made.error());
  auto topics = services->open_topics();
  if (!topics) return std::unexpected(topics.error());
  std::vector<OutputRecord> records;
  for (const std::string& message : messages) records.push_back({.topic = setup.values.text(setup.job->input_topic_option), .value = message});
  return (*topics)->produce(records, 0);
}

Result<void> write_school(const School& school, const JobSetup& publisher, const JobSetup& progress, Log& log) {
  const auto table = [](const JobSetup& setup, const char* option) {
    return TableName{setup.values.text("lms-cassandra.keyspace"), setup.values.text(option)};
  };
  auto rows = hierarchy_rows(school, table(publisher, "lms-cassandra.table"));
  std::ranges::move(enrolment_rows(school, table(progress, "lms-cassandra.user_enrolments.table")), std::back_inserter(rows));
  std::ranges::move(consumption_rows(school, table(progress, "lms-cassandra.consumption.table")), std::back_inserter(rows));

  auto tables = make_services(*progress.job, progress.values, log)->open_tables();
  if (!tables) return std::unexpected(tables.error());
  const auto clock = make_system_clock();
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce) {
    std::vector<RowGroup> groups;
    for (std::size_t i = begin; i < std::min(begin + kRowsAtOnce, rows.size()); ++i) groups.push_back({std::move(rows[i])});
    for (auto& outcome : (*tables)->write(at_one_time(groups, clock->write_time()))) {
      if (!outcome) return outcome;
    }
  }
  return (*tables)->flush();
}

}  // namespace lernd::demo
