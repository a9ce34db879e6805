// Queries: which rows come, and in which order.
#include <map>

#include "conformance/table_store_suite.h"

namespace lernd {
namespace {

TEST_P(TableStoreSuite, AMissingRowIsNoRow) {
  const TableName table = create_simple("missing", "int");
  const auto rows = read(table, {{"id", "nobody"}});
  ASSERT_TRUE(ok(rows));
  EXPECT_TRUE(rows->empty());
}

TEST_P(TableStoreSuite, AKeyPrefixGivesItsRowsInClusteringOrder) {
  const TableName table = create("prefix", {{"p", "text"}, {"q", "text"}, {"c", "text"}, {"d", "int"}, {"value", "int"}}, {"p", "q", "c", "d"}, 2);
  int value = 0;
  for (const char* c : {"z", "a", "é", "B"}) {
    for (const int d : {10, -2, 9}) {
      ASSERT_TRUE(ok(write({update(table, {{"p", "1"}, {"q", "x"}, {"c", c}, {"d", d}}, {{"value", ++value}})})));
    }
  }
  ASSERT_TRUE(ok(write({update(table, {{"p", "1"}, {"q", "other"}, {"c", "a"}, {"d", 1}}, {{"value", 0}})})));

  const auto partition = read(table, {{"p", "1"}, {"q", "x"}}, {"c", "d"});
  ASSERT_TRUE(ok(partition));
  std::vector<std::pair<std::string, std::int64_t>> order;
  for (std::size_t i = 0; i < partition->size(); ++i) order.emplace_back(*(*partition)[i]["c"].text(), *(*partition)[i]["d"].integer());
  const std::vector<std::pair<std::string, std::int64_t>> expected = {{"B", -2}, {"B", 9}, {"B", 10}, {"a", -2}, {"a", 9}, {"a", 10},
                                                                      {"z", -2}, {"z", 9}, {"z", 10}, {"é", -2}, {"é", 9}, {"é", 10}};
  EXPECT_EQ(order, expected) << "texts by their UTF-8 bytes, numbers by value";

  EXPECT_EQ(read(table, {{"p", "1"}, {"q", "x"}, {"c", "a"}})->size(), 3u);
  EXPECT_EQ(read(table, {{"p", "1"}, {"q", "x"}, {"c", "a"}, {"d", 9}})->size(), 1u);
  EXPECT_EQ(read(table, {{"p", "1"}, {"q", "nothing"}})->size(), 0u);
}

TEST_P(TableStoreSuite, TimestampsClusterByTime) {
  const TableName table = create("times", {{"id", "text"}, {"at", "timestamp"}}, {"id", "at"});
  for (const std::int64_t ms : std::vector<std::int64_t>{1690000000000, -1000, 0, 999, 4102444800000}) {
    ASSERT_TRUE(ok(write({insert(table, {{"id", "a"}, {"at", Timestamp{ms}}}, {})})));
  }
  const auto rows = read(table, {{"id", "a"}}, {"at"});
  ASSERT_TRUE(ok(rows));
  std::vector<Value> times;
  for (std::size_t i = 0; i < rows->size(); ++i) times.push_back((*rows)[i]["at"]);
  EXPECT_EQ(times, (std::vector<Value>{Timestamp{-1000}, Timestamp{0}, Timestamp{999}, Timestamp{1690000000000}, Timestamp{4102444800000}}));
}

TEST_P(TableStoreSuite, TheWantedColumnsComeInTheirOrder) {
  const TableName table = create("columns", {{"id", "text"}, {"a", "int"}, {"b", "int"}}, {"id"});
  ASSERT_TRUE(ok(write({update(table, {{"id", "x"}}, {{"a", 1}, {"b", 2}})})));
  const auto some = read(table, {{"id", "x"}}, {"b", "id"});
  ASSERT_TRUE(ok(some));
  EXPECT_EQ(some->columns(), (std::vector<std::string>{"b", "id"}));
  EXPECT_EQ((*some)[0]["b"], Value(2));
  EXPECT_EQ((*some)[0]["a"], Value()) << "not asked for";
  EXPECT_EQ(read(table, {{"id", "x"}})->columns().size(), 3u) << "all of them";
}

TEST_P(TableStoreSuite, AnEmptyKeyIsTheWholeTable) {
  const TableName table = create_simple("whole", "int");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(ok(write({put(table, "k" + std::to_string(i), i)})));
  const auto rows = read(table, {}, {"id", "value"});
  ASSERT_TRUE(ok(rows));
  std::map<std::string, std::int64_t> found;
  for (std::size_t i = 0; i < rows->size(); ++i) found[*(*rows)[i]["id"].text()] = *(*rows)[i]["value"].integer();
  EXPECT_EQ(found.size(), 20u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(found["k" + std::to_string(i)], i);
}

TEST_P(TableStoreSuite, APartitionOfManyPagesComesWhole) {
  constexpr int kRows = 12500;
  const TableName table = create("pages", {{"id", "text"}, {"n", "int"}, {"value", "text"}}, {"id", "n"});
  std::vector<RowWrite> writes;
  for (int i = 0; i < kRows; ++i) writes.push_back(update(table, {{"id", "big"}, {"n", i}}, {{"value", "v" + std::to_string(i)}}));
  for (const auto& answer : write_each(writes)) ASSERT_TRUE(ok(answer));
  const auto rows = read(table, {{"id", "big"}}, {"n", "value"});
  ASSERT_TRUE(ok(rows));
  ASSERT_EQ(rows->size(), static_cast<std::size_t>(kRows));
  for (int i = 0; i < kRows; ++i) {
    const auto row = (*rows)[static_cast<std::size_t>(i)];
    ASSERT_EQ(row["n"], Value(i));
    ASSERT_EQ(row["value"], Value("v" + std::to_string(i)));
  }
  EXPECT_EQ(read(table, {}, {"n"})->size(), static_cast<std::size_t>(kRows)) << "and so does the whole table";
}

TEST_P(TableStoreSuite, NamesKeysAndValuesMayHoldAnyCharacters) {
  const std::string quoting = R"(it's "quoted"; -- DROP TABLE x; ?)";
  const std::string foreign = "शिक्षक Ünï 🎓\t\n\\";
  const TableName table =
      create("any", {{"id", "text"}, {"Mixed Case", "text"}, {R"(with "quotes" and 'more')", "text"}, {"ключ", "map<text, text>"}}, {"id", "Mixed Case"});
  for (const std::string& text : {quoting, foreign}) {
    ASSERT_TRUE(ok(write({update(table, {{"id", text}, {"Mixed Case", text}},
                                 {{R"(with "quotes" and 'more')", text}, {"ключ", map_of({{text, text}}), Assignment::Mode::merge}})})));
    const auto rows = read(table, {{"id", text}, {"Mixed Case", text}}, {"id", "Mixed Case", R"(with "quotes" and 'more')", "ключ"});
    ASSERT_TRUE(ok(rows));
    ASSERT_EQ(rows->size(), 1u);
    for (const std::size_t i : {0u, 1u, 2u}) EXPECT_EQ((*rows)[0].cells()[i], Value(text));
    EXPECT_EQ((*rows)[0]["ключ"], map_of({{text, text}}));
    ASSERT_TRUE(ok(write({erase(table, {{"id", text}, {"Mixed Case", text}})})));
    EXPECT_EQ(read(table, {{"id", text}})->size(), 0u);
  }
}

TEST_P(TableStoreSuite, FiveThousandQueriesAreAnsweredInOrder) {
  const TableName table = create_simple("bulk", "int");
  std::vector<RowWrite> writes;
  for (int i = 0; i < 100; ++i) writes.push_back(put(table, "k" + std::to_string(i), i));
  for (const auto& answer : write_each(writes)) ASSERT_TRUE(ok(answer));
  std::vector<RowsQuery> queries;
  for (int i = 0; i < 5000; ++i) {
    const std::string id = i % 3 == 0 ? "nobody" + std::to_string(i) : "k" + std::to_string(i % 100);
    queries.push_back({.table = i % 500 == 499 ? named("nowhere") : table, .columns = {"value"}, .key = {{"id", id}}});
  }
  const auto answers = store_->read(queries);
  ASSERT_EQ(answers.size(), queries.size());
  for (int i = 0; i < 5000; ++i) {
    const auto& answer = answers[static_cast<std::size_t>(i)];
    if (i % 500 == 499) {
      EXPECT_TRUE(failed(answer, Treatment::fatal, ErrorCode::schema_mismatch)) << i;
      continue;
    }
    ASSERT_TRUE(ok(answer)) << i;
    if (i % 3 == 0) {
      EXPECT_TRUE(answer->empty()) << i;
    } else {
      ASSERT_EQ(answer->size(), 1u) << i;
      EXPECT_EQ((*answer)[0]["value"], Value(i % 100)) << i;
    }
  }
}

TEST_P(TableStoreSuite, NoQueriesAndNoWritesAreNoWork) {
  EXPECT_TRUE(store_->read({}).empty());
  EXPECT_TRUE(store_->write({}).empty());
}

}  // namespace
}  // namespace lernd
