#include "sync/id_source.h"

#include <gtest/gtest.h>

#include <fstream>

#include "conformance/temporary_folder.h"
#include "support/manual_clock.h"
#include "support/must.h"

namespace lernd::sync {
namespace {

class NoTable final : public TableScan {
 public:
  Result<ScanPage> page(const ScanQuery&, const std::string&) override { return ScanPage{.values = {"u1", "two words"}, .next = {}}; }
  Result<std::optional<TableSchema>> describe(const TableName& table) override {
    if (table.table == "none") return std::nullopt;
    return TableSchema{.name = table, .columns = {{"userid", "text"}}, .key = {"userid"}};
  }
  Result<std::string> partitioner() override { return std::string(); }
};

class SyncIdSource : public testing::Test {
 protected:
  SyncIdSource() : rejected_(folder_.file("rejected")) {
    options_.type = *object_type_named("user_course");
    options_.keyspace = "k";
    options_.table = "t";
    options_.column = "userid";
    options_.cassandra.concurrency = 1;
    options_.log_dir = folder_.path();
    options_.id_file = folder_.file("ids.csv");
    options_.id_pattern = R"([a-z0-9]+)";
  }

  Result<bulk::IdList> table() {
    return table_ids(options_, {.scan = scan_, .waiter = waiter_, .clock = clock_, .on_page = [](std::int64_t) {}, .stop = {}}, rejected_,
                     folder_.file("list"));
  }

  const TemporaryFolder folder_;
  Options options_;
  RejectedIds rejected_;
  NoTable scan_;
  bulk::SteadyWaiter waiter_;
  ManualClock clock_;
};

TEST_F(SyncIdSource, LinesAreThoseOfTheType) {
  EXPECT_EQ(must(table()).count, 1);
  EXPECT_EQ(must(bulk::read_file(folder_.file("list"), 100)), "{\"userId\":\"u1\"}\n");
  EXPECT_EQ(must(bulk::read_file(folder_.file("rejected"), 100)), "2,pattern,two words\n");
}

TEST_F(SyncIdSource, ErrorsNameTheParameter) {
  options_.column = "other";
  EXPECT_TRUE(table().error().text.contains("sunbird_cassandra_column"));
  options_.table = "none";
  EXPECT_TRUE(table().error().text.contains("sunbird_cassandra_table"));
  EXPECT_TRUE(file_ids(options_, rejected_, {}).error().text.contains("sunbird_sync_id_file"));
  std::ofstream(options_.id_file) << "plain\n";
  EXPECT_TRUE(file_ids(options_, rejected_, {}).error().text.contains("user_course wants one JSON object a line"));
}

TEST_F(SyncIdSource, AFileWithoutIdsLeavesItsRejectedLines) {
  options_.type = *object_type_named("user");
  std::ofstream(options_.id_file) << "two words\n";
  EXPECT_FALSE(file_ids(options_, rejected_, {}));
  EXPECT_EQ(must(bulk::read_file(folder_.file("rejected"), 100)), "1,space,two words\n");
}

}  // namespace
}  // namespace lernd::sync
