#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_event_log.h"
#include "adapters/embedded/embedded_search_index.h"
#include "adapters/embedded/embedded_table_store.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "conformance/conformance.h"
#include "conformance/temporary_folder.h"

namespace lernd {

/// What the tests of this folder write into: one table, one topic in, one topic out, one group.
struct School {
  static inline const TableName kTable{"school", "progress"};
  static inline const std::string kIn = "in";
  static inline const std::string kOut = "out";
  static inline const std::string kGroup = "group";

  static std::shared_ptr<EmbeddedDatabase> opened(const std::string& path) {
    auto database = EmbeddedDatabase::open(path);
    EXPECT_TRUE(ok(database));
    return database.value_or(nullptr);
  }

  /// Makes the table, both topics, and `records` records `0`, `1`, … in each partition of the input.
  static void lay_out(const std::string& path, int partitions, int records) {
    const auto database = opened(path);
    const auto admin = make_embedded_topic_admin(database);
    ASSERT_TRUE(ok(
        make_embedded_table_store(database)->create({.name = kTable, .columns = {{"id", "text"}, {"value", "text"}}, .key = {"id"}, .partition_columns = 1})));
    ASSERT_TRUE(ok(admin->create(kIn, partitions)));
    ASSERT_TRUE(ok(admin->create(kOut, 1)));
    std::vector<OutputRecord> inputs;
    for (int i = 0; i < records; ++i) inputs.push_back({.topic = kIn, .value = std::to_string(i)});
    for (int partition = 0; partition < partitions; ++partition) ASSERT_TRUE(ok(admin->produce(inputs, partition)));
  }
};

/// All ports of one database object, as a worker has them.
struct EmbeddedPorts {
  explicit EmbeddedPorts(const std::string& path) : database(School::opened(path)) {}

  Result<void> write(const std::string& id, const std::string& value) {
    const RowGroup rows = {{.table = School::kTable, .key = {{"id", id}}, .set = {{"value", value}}}};
    const TimedGroup group{.rows = &rows, .time = {}};
    return tables->write(std::span(&group, 1)).at(0);
  }
  std::size_t rows() {
    const RowsQuery query{.table = School::kTable, .columns = {"id"}, .key = {}};
    const auto answer = tables->read(std::span(&query, 1));
    EXPECT_TRUE(ok(answer.at(0)));
    return answer.at(0) ? answer.at(0)->size() : 0;
  }
  std::size_t outputs() {
    const auto records = admin->read({School::kOut, 0}, Offset{0}, 1000000);
    EXPECT_TRUE(ok(records));
    return records ? records->size() : 0;
  }
  std::optional<Offset> position(std::int32_t partition = 0) {
    const auto progress = log->progress();
    EXPECT_TRUE(ok(progress));
    return progress ? progress->at(static_cast<std::size_t>(partition)).committed : std::nullopt;
  }
  /// One poll; what it brings of any partition.
  std::vector<RecordBatch> poll(PollLimits limits = {}) {
    auto polled = log->poll(limits);
    EXPECT_TRUE(ok(polled));
    return polled ? std::move(polled->batches) : std::vector<RecordBatch>();
  }
  Result<void> commit(const std::string& output, std::int32_t partition, Offset next) {
    const OutputRecord record{.topic = School::kOut, .value = output};
    const Position position{{School::kIn, partition}, next};
    return log->commit(std::span(&record, 1), std::span(&position, 1));
  }

  std::shared_ptr<EmbeddedDatabase> database;
  std::unique_ptr<TableStore> tables = make_embedded_table_store(database);
  std::unique_ptr<Cache> cache = make_embedded_cache(database);
  std::unique_ptr<SearchIndex> index = make_embedded_search_index(database);
  std::unique_ptr<TopicAdmin> admin = make_embedded_topic_admin(database);
  std::unique_ptr<EventLog> log = make_embedded_event_log(database, {.topic = School::kIn, .group = School::kGroup});
};

}  // namespace lernd
