// Writes of rows: what is there afterwards.
#include <algorithm>

#include "conformance/table_store_suite.h"

namespace lernd {
namespace {

TEST_P(TableStoreSuite, UpdateMakesTheRowAndOverwritesIt) {
  const TableName table = create_simple("upsert", "int");
  ASSERT_TRUE(ok(write({put(table, "a", 1)})));
  EXPECT_EQ(value_of(table, "a"), Value(1));
  ASSERT_TRUE(ok(write({put(table, "a", 2)})));
  EXPECT_EQ(value_of(table, "a"), Value(2));
  EXPECT_EQ(read(table, {{"id", "a"}})->size(), 1u);
}

TEST_P(TableStoreSuite, InsertIsAnUpsertToo) {
  const TableName table = create_simple("upsert", "int");
  ASSERT_TRUE(ok(write({insert(table, {{"id", "a"}}, {{"value", 1}})})));
  ASSERT_TRUE(ok(write({insert(table, {{"id", "a"}}, {{"value", 2}})})));
  EXPECT_EQ(value_of(table, "a"), Value(2));
}

TEST_P(TableStoreSuite, AnInsertWithoutColumnsMakesARow) {
  const TableName table = create_simple("bare", "int");
  ASSERT_TRUE(ok(write({insert(table, {{"id", "a"}}, {})})));
  const auto rows = read(table, {{"id", "a"}}, {"id", "value"});
  ASSERT_TRUE(ok(rows));
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0]["id"], Value("a"));
  EXPECT_EQ((*rows)[0]["value"], Value());
}

TEST_P(TableStoreSuite, NullDeletesACellAndAnAbsentColumnStays) {
  const TableName table = create("cells", {{"id", "text"}, {"a", "int"}, {"b", "text"}}, {"id"});
  ASSERT_TRUE(ok(write({insert(table, {{"id", "x"}}, {{"a", 1}, {"b", "kept"}})})));
  ASSERT_TRUE(ok(write({update(table, {{"id", "x"}}, {{"a", Value()}})})));
  const auto rows = read(table, {{"id", "x"}}, {"a", "b"});
  ASSERT_TRUE(ok(rows));
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0]["a"], Value());
  EXPECT_EQ((*rows)[0]["b"], Value("kept"));
}

TEST_P(TableStoreSuite, AnEmptyTextIsNotNull) {
  const TableName table = create_simple("texts", "text");
  ASSERT_TRUE(ok(write({put(table, "a", "")})));
  EXPECT_EQ(value_of(table, "a"), Value(""));
}

TEST_P(TableStoreSuite, AnEmptyCollectionIsNull) {
  const TableName table = create("empty", {{"id", "text"}, {"l", "list<text>"}, {"s", "set<text>"}, {"m", "map<text, int>"}, {"other", "int"}}, {"id"});
  const std::vector<Assignment> full = {{"l", list_of({"x"})}, {"s", list_of({"x"})}, {"m", map_of({{"x", 1}})}, {"other", 1}};
  const std::vector<Assignment> empty = {{"l", list_of({})}, {"s", list_of({})}, {"m", map_of({})}};
  ASSERT_TRUE(ok(write({insert(table, {{"id", "a"}}, full)})));
  ASSERT_TRUE(ok(write({update(table, {{"id", "a"}}, empty)})));
  const auto rows = read(table, {{"id", "a"}});
  ASSERT_TRUE(ok(rows));
  ASSERT_EQ(rows->size(), 1u);
  for (const char* column : {"l", "s", "m"}) EXPECT_TRUE((*rows)[0][column].is_null()) << column;
  EXPECT_EQ((*rows)[0]["other"], Value(1));
}

TEST_P(TableStoreSuite, MergeAddsEntriesAndLeavesTheOthers) {
  const TableName table = create_simple("maps", "map<text, int>");
  ASSERT_TRUE(ok(write({put(table, "a", map_of({{"one", 1}, {"two", 2}}))})));
  ASSERT_TRUE(ok(write({merge(table, "a", map_of({{"two", 22}, {"three", 3}}))})));
  EXPECT_EQ(value_of(table, "a"), map_of({{"one", 1}, {"three", 3}, {"two", 22}}));
}

TEST_P(TableStoreSuite, ReplaceDropsTheOtherEntriesOfAMap) {
  const TableName table = create_simple("maps", "map<text, int>");
  ASSERT_TRUE(ok(write({put(table, "a", map_of({{"one", 1}, {"two", 2}}))})));
  ASSERT_TRUE(ok(write({put(table, "a", map_of({{"two", 22}}))})));
  EXPECT_EQ(value_of(table, "a"), map_of({{"two", 22}}));
}

TEST_P(TableStoreSuite, MergeIntoAMissingRowMakesIt) {
  const TableName table = create_simple("maps", "map<text, double>");
  ASSERT_TRUE(ok(write({merge(table, "a", map_of({{"completedCount", 3.0}}))})));
  EXPECT_EQ(value_of(table, "a"), map_of({{"completedCount", 3.0}}));
}

TEST_P(TableStoreSuite, MergeOfNothingChangesNothing) {
  const TableName table = create_simple("maps", "map<text, int>");
  ASSERT_TRUE(ok(write({put(table, "a", map_of({{"one", 1}}))})));
  ASSERT_TRUE(ok(write({merge(table, "a", map_of({}))})));
  EXPECT_EQ(value_of(table, "a"), map_of({{"one", 1}}));
}

TEST_P(TableStoreSuite, MergesOfOneRowInOneCallAllCount) {
  const TableName table = create_simple("maps", "map<text, int>");
  const auto answers = write_each({merge(table, "a", map_of({{"one", 1}})), merge(table, "a", map_of({{"two", 2}}))});
  for (const auto& answer : answers) EXPECT_TRUE(ok(answer));
  EXPECT_EQ(value_of(table, "a"), map_of({{"one", 1}, {"two", 2}}));
}

TEST_P(TableStoreSuite, AnErasedRowIsGoneAndCanComeBack) {
  const TableName table = create("erased", {{"id", "text"}, {"a", "int"}, {"b", "int"}}, {"id"});
  ASSERT_TRUE(ok(write({insert(table, {{"id", "x"}}, {{"a", 1}, {"b", 2}})})));
  ASSERT_TRUE(ok(write({erase(table, {{"id", "x"}})})));
  EXPECT_EQ(read(table, {{"id", "x"}})->size(), 0u);
  ASSERT_TRUE(ok(write({update(table, {{"id", "x"}}, {{"a", 3}})})));
  const auto rows = read(table, {{"id", "x"}}, {"a", "b"});
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0]["a"], Value(3));
  EXPECT_EQ((*rows)[0]["b"], Value()) << "the tombstone covers the cells of before";
}

TEST_P(TableStoreSuite, ErasingWhatIsNotThereIsNoError) {
  const TableName table = create_simple("erased", "int");
  EXPECT_TRUE(ok(write({erase(table, {{"id", "nobody"}})})));
}

TEST_P(TableStoreSuite, EraseTakesOneRowOfAPartitionOnly) {
  const TableName table = create("rows", {{"id", "text"}, {"n", "int"}, {"value", "int"}}, {"id", "n"});
  for (const int n : {1, 2, 3}) ASSERT_TRUE(ok(write({update(table, {{"id", "x"}, {"n", n}}, {{"value", n}})})));
  ASSERT_TRUE(ok(write({erase(table, {{"id", "x"}, {"n", 2}})})));
  const auto rows = read(table, {{"id", "x"}}, {"n"});
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0]["n"], Value(1));
  EXPECT_EQ((*rows)[1]["n"], Value(3));
}

TEST_P(TableStoreSuite, AGroupMayHoldRowsOfSeveralTables) {
  const TableName first = create_simple("first", "int");
  const TableName second = create_simple("second", "text");
  ASSERT_TRUE(ok(write({put(first, "a", 1), put(second, "b", "two"), put(first, "c", 3)})));
  EXPECT_EQ(value_of(first, "a"), Value(1));
  EXPECT_EQ(value_of(second, "b"), Value("two"));
  EXPECT_EQ(value_of(first, "c"), Value(3));
}

TEST_P(TableStoreSuite, InsertIfAbsentKeepsTheFirstRow) {
  const TableName table = create_simple("first_wins", "text");
  const auto row = [&](const std::string& id, const std::string& value) { return insert(table, {{"id", id}}, {{"value", value}}); };
  EXPECT_EQ(store_->insert_if_absent({}), std::vector<Result<bool>>());
  const std::vector<RowWrite> first{row("a", "first")};
  EXPECT_EQ(store_->insert_if_absent(first), std::vector<Result<bool>>{true});
  const TableName missing = named("nowhere");
  const std::vector<RowWrite> more{row("b", "other"), put(missing, "a", 1), row("a", "second"), row("c", "third")};
  const auto answers = store_->insert_if_absent(more);
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[0], Result<bool>(true));
  EXPECT_TRUE(failed(answers[1], Treatment::fatal, ErrorCode::schema_mismatch, {missing.text()}));
  EXPECT_EQ(answers[2], Result<bool>(false));
  EXPECT_EQ(answers[3], Result<bool>(true));
  EXPECT_EQ(value_of(table, "a"), Value("first"));
  EXPECT_EQ(value_of(table, "c"), Value("third"));
}

TEST_P(TableStoreSuite, InsertIfAbsentSucceedsAgainAfterAnErase) {
  const TableName table = create_simple("again", "text");
  const RowWrite row = insert(table, {{"id", "a"}}, {{"value", "x"}});
  ASSERT_EQ(store_->insert_if_absent({&row, 1}).front(), Result<bool>(true));
  ASSERT_TRUE(ok(write({erase(table, {{"id", "a"}})})));
  EXPECT_EQ(store_->insert_if_absent({&row, 1}).front(), Result<bool>(true));
}

TEST_P(TableStoreSuite, FiveThousandWritesAreAnsweredInOrder) {
  const TableName table = create_simple("bulk", "int");
  const TableName missing = named("nowhere");
  const auto is_bad = [](int i) { return i % 100 == 7; };
  const auto is_lost = [](int i) { return i % 1000 == 500; };
  std::vector<RowWrite> rows;
  for (int i = 0; i < 5000; ++i) rows.push_back(is_lost(i) ? put(missing, "x", 1) : put(table, is_bad(i) ? "" : "k" + std::to_string(i), i));
  const auto answers = write_each(rows);
  ASSERT_EQ(answers.size(), rows.size());
  for (int i = 0; i < 5000; ++i) {
    const auto& answer = answers[static_cast<std::size_t>(i)];
    if (is_lost(i)) {
      EXPECT_TRUE(failed(answer, Treatment::fatal, ErrorCode::schema_mismatch)) << i;
    } else if (is_bad(i)) {
      EXPECT_TRUE(failed(answer, Treatment::reject)) << i;
    } else {
      EXPECT_TRUE(ok(answer)) << i;
    }
  }
  EXPECT_EQ(read(table, {})->size(), 4950u - 5u + static_cast<std::size_t>(std::ranges::count_if(std::vector{500, 1500, 2500, 3500, 4500}, is_bad)));
}

TEST_P(TableStoreSuite, WhatIsFlushedAnotherStoreSees) {
  const TableName table = create_simple("shared", "int");
  ASSERT_TRUE(ok(write({put(table, "a", 1)})));
  ASSERT_TRUE(ok(store_->flush()));
  const auto other = backend_->open();
  const RowsQuery query{.table = table, .columns = {"value"}, .key = {{"id", "a"}}};
  const auto answers = other->read(std::span(&query, 1));
  ASSERT_TRUE(ok(answers.at(0)));
  ASSERT_EQ(answers.at(0)->size(), 1u);
  EXPECT_EQ((*answers.at(0))[0]["value"], Value(1));
}

}  // namespace
}  // namespace lernd
