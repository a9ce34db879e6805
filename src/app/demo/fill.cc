#include "app/demo/fill.h"

#include "app/system_clock.h"

namespace lernd::demo {
namespace {

Result<void> write_rows(TableStore& tables, std::vector<RowWrite> rows, WriteTime time) {
  std::vector<RowGroup> groups;
  groups.reserve(rows.size());
  for (RowWrite& row : rows) groups.push_back({std::move(row)});
  for (auto& outcome : tables.write(at_one_time(groups, time))) {
    if (!outcome) return outcome;
  }
  return {};
}

}  // namespace

Result<void> fill(const JobDescription& job, const OptionValues& values, Services& services, const School& school, std::vector<std::string> requests) {
  auto ports = services.open();
  if (!ports) return std::unexpected(ports.error());
  const auto clock = make_system_clock();
  const auto uses = job.tables(values);
  std::vector<TableSchema> tables = journal_tables(journal_table(job, values));
  for (const TableUse& use : uses) tables.push_back(use.shape);
  for (const TableSchema& table : tables) {
    if (auto created = ports->tables->create(table); !created) return created;
  }
  for (const Course& course : school.courses) {
    const CacheGroup sets = relation_sets(course, job.caches(values).front());
    if (auto written = std::move(ports->cache->write(std::span(&sets, 1)).front()); !written) return written;
  }
  const TableName consumption{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.consumption.table")};
  const TableName enrolments{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.user_enrolments.table")};
  if (auto written = write_rows(*ports->tables, consumption_rows(school, consumption), clock->write_time()); !written) return written;
  if (auto written = write_rows(*ports->tables, enrolment_rows(school, enrolments), clock->write_time()); !written) return written;
  if (auto flushed = ports->tables->flush(); !flushed) return flushed;

  auto topics = services.open_topics();
  if (!topics) return std::unexpected(topics.error());
  std::vector<std::string> names{values.text(job.input_topic_option), dead_letter_topic(job, values)};
  for (const std::string& option : job.output_topic_options) names.push_back(values.text(option));
  for (const std::string& name : names) {
    if (auto created = (*topics)->create(name, 1); !created) return created;
  }
  std::vector<OutputRecord> records;
  for (std::string& request : requests) records.push_back({.topic = names.front(), .value = std::move(request)});
  return (*topics)->produce(records, 0);
}

}  // namespace lernd::demo
