#include "runtime/applier.h"

#include <gtest/gtest.h>

#include <map>

#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_cache.h"

namespace lernd {
namespace {

const TableName kTable{"k", "t"};

/// A table with one list column, which treats lists as Cassandra does: what is written a second time with the same write time is added to the first.
class ListTable final : public TableStore {
 public:
  std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) override {
    std::vector<Result<Rows>> answers;
    for (const RowsQuery& query : queries) {
      ++reads;
      if (read_fails) {
        answers.emplace_back(fail(Treatment::retry, ErrorCode::unavailable, "away"));
        continue;
      }
      Rows rows({"l"});
      if (const auto found = lists.find(*query.key[0].value.text()); found != lists.end()) rows.add({found->second.second});
      answers.emplace_back(std::move(rows));
    }
    return answers;
  }

  std::vector<Result<void>> write(std::span<const TimedGroup> groups) override {
    for (const TimedGroup& group : groups) {
      for (const RowWrite& row : *group.rows) {
        ++writes;
        for (const Assignment& one : row.set) {
          if (one.column == "l") put(*row.key[0].value.text(), *one.value.list(), group.time);
        }
      }
    }
    return std::vector<Result<void>>(groups.size());
  }

  std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) override { return std::vector<Result<bool>>(rows.size(), true); }
  Result<std::optional<TableSchema>> describe(const TableName&) override { return std::nullopt; }
  Result<void> create(const TableSchema&) override { return {}; }
  Result<void> drop_keyspace(const std::string&) override { return {}; }
  Result<void> ping() override { return {}; }
  Result<void> flush() override { return {}; }

  std::map<std::string, std::pair<WriteTime, ValueList>> lists;
  int reads = 0;
  int writes = 0;
  bool read_fails = false;

 private:
  void put(const std::string& key, const ValueList& list, WriteTime time) {
    auto& [written, items] = lists[key];
    if (time < written) return;
    if (time > written) items.items.clear();
    written = time;
    items.items.insert(items.items.end(), list.items.begin(), list.items.end());
  }
};

class Applying : public testing::Test {
 protected:
  std::vector<std::optional<Error>> apply_once() {
    std::vector<WorkItem*> pointers;
    for (WorkItem& item : items) pointers.push_back(&item);
    return apply(pointers, tables, *cache, nullptr);
  }

  WorkItem& add(const std::string& key, Value list) {
    WorkItem& item = items.emplace_back();
    item.time = {100};
    append_stage(item.plan, {{.table = kTable, .key = {{"k", key}}, .set = {{"l", std::move(list)}, {"x", 1}}}}, 1);
    append_stage(item.plan, {{.table = kTable, .key = {{"k", key}}, .set = {{"y", 2}}}}, 1);
    return item;
  }

  const ValueList ab_{{"a", "b"}};
  ListTable tables;
  std::shared_ptr<EmbeddedDatabase> database = *EmbeddedDatabase::open(":memory:");
  std::unique_ptr<Cache> cache = make_embedded_cache(database);
  std::vector<WorkItem> items;
};

TEST_F(Applying, TheFirstTimeNothingIsRead) {
  add("1", ab_);
  EXPECT_EQ(apply_once(), std::vector<std::optional<Error>>(1));
  EXPECT_EQ(tables.lists["1"].second, ab_);
  EXPECT_EQ(tables.reads, 0);
}

TEST_F(Applying, ARepeatedListIsThereOnce) {
  add("1", ab_);
  apply_once();
  items[0].repeated = true;
  EXPECT_EQ(apply_once(), std::vector<std::optional<Error>>(1));
  EXPECT_EQ(tables.lists["1"].second, ab_);
  EXPECT_EQ(tables.writes, 4) << "the other columns are written again";
}

TEST_F(Applying, ARepeatedListThatIsNotThereYetIsWritten) {
  tables.lists["2"] = {{50}, ValueList{{"old"}}};
  add("1", ab_).repeated = true;
  add("2", ab_).repeated = true;
  apply_once();
  EXPECT_EQ(tables.lists["1"].second, ab_);
  EXPECT_EQ(tables.lists["2"].second, ab_);
}

TEST_F(Applying, AnItemWhoseListsCannotBeReadWritesNothing) {
  add("1", ab_).repeated = true;
  add("2", ab_);
  tables.read_fails = true;
  const auto outcomes = apply_once();
  ASSERT_TRUE(outcomes[0]);
  EXPECT_EQ(outcomes[0]->treatment, Treatment::retry);
  EXPECT_FALSE(outcomes[1]);
  EXPECT_FALSE(tables.lists.contains("1"));
  EXPECT_EQ(tables.writes, 2) << "both stages of the other one";
}

}  // namespace
}  // namespace lernd
