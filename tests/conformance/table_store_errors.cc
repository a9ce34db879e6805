// What does not fit is told apart by who has to mend it, and never takes others with it.
#include <map>

#include "conformance/table_store_suite.h"

namespace lernd {
namespace {

TEST_P(TableStoreSuite, AnUnknownTableIsFatalAndNamed) {
  create_simple("there", "int");
  const TableName missing = named("not_there");
  EXPECT_TRUE(failed(read(missing, {{"id", "a"}}), Treatment::fatal, ErrorCode::schema_mismatch, {missing.text()}));
  EXPECT_TRUE(failed(write({put(missing, "a", 1)}), Treatment::fatal, ErrorCode::schema_mismatch, {missing.text()}));
  const RowWrite row = put(missing, "a", 1);
  EXPECT_TRUE(failed(store_->insert_if_absent({&row, 1}).front(), Treatment::fatal, ErrorCode::schema_mismatch, {missing.text()}));
}

TEST_P(TableStoreSuite, AnUnknownKeyspaceIsFatalAndNamed) {
  const TableName missing{unique_name("no_keyspace"), "t"};
  EXPECT_TRUE(failed(read(missing, {{"id", "a"}}), Treatment::fatal, ErrorCode::schema_mismatch, {missing.text()}));
  EXPECT_TRUE(failed(write({put(missing, "a", 1)}), Treatment::fatal, ErrorCode::schema_mismatch, {missing.text()}));
}

TEST_P(TableStoreSuite, AnUnknownColumnIsFatalAndNamed) {
  const TableName table = create_simple("columns", "int");
  const auto is_named = [&](const auto& result) { return failed(result, Treatment::fatal, ErrorCode::schema_mismatch, {table.text(), "unheard_of"}); };
  EXPECT_TRUE(is_named(read(table, {{"id", "a"}}, {"unheard_of"})));
  EXPECT_TRUE(is_named(read(table, {{"unheard_of", "a"}})));
  EXPECT_TRUE(is_named(write({update(table, {{"id", "a"}}, {{"unheard_of", 1}})})));
  EXPECT_TRUE(is_named(write({update(table, {{"unheard_of", "a"}}, {{"value", 1}})})));
}

TEST_P(TableStoreSuite, AWrongTypeIsFatalAndNamed) {
  const TableName table = create("types", {{"id", "text"}, {"i", "int"}, {"t", "text"}, {"l", "list<text>"}, {"m", "map<text, int>"}}, {"id"});
  const auto is_named = [&](const auto& result, const std::string& column) {
    return failed(result, Treatment::fatal, ErrorCode::schema_mismatch, {table.text(), column});
  };
  const auto set = [&](const std::string& column, Value value) { return write({update(table, {{"id", "a"}}, {{column, std::move(value)}})}); };
  EXPECT_TRUE(is_named(set("i", "text"), "i"));
  EXPECT_TRUE(is_named(set("i", 1.5), "i"));
  EXPECT_TRUE(is_named(set("t", 1), "t"));
  EXPECT_TRUE(is_named(set("l", map_of({{"a", "b"}})), "l"));
  EXPECT_TRUE(is_named(set("l", list_of({1})), "l"));
  EXPECT_TRUE(is_named(set("m", map_of({{"a", "b"}})), "m"));
  EXPECT_TRUE(is_named(read(table, {{"id", 5}}), "id"));
}

TEST_P(TableStoreSuite, AnEmptyPartitionKeyIsRejected) {
  const TableName table = create_simple("empty", "int");
  EXPECT_TRUE(failed(write({put(table, "", 1)}), Treatment::reject, ErrorCode::malformed_record, {table.text()}));
  EXPECT_TRUE(failed(read(table, {{"id", ""}}), Treatment::reject, ErrorCode::malformed_record, {table.text()}));
}

TEST_P(TableStoreSuite, AnEmptyClusteringColumnIsAKeyLikeAnyOther) {
  const TableName table = create("clustering", {{"id", "text"}, {"c", "text"}, {"value", "int"}}, {"id", "c"});
  ASSERT_TRUE(ok(write({update(table, {{"id", "a"}, {"c", ""}}, {{"value", 1}})})));
  const auto rows = read(table, {{"id", "a"}, {"c", ""}}, {"value"});
  ASSERT_TRUE(ok(rows));
  EXPECT_EQ(rows->size(), 1u);
}

TEST_P(TableStoreSuite, AnEmptyPartOfAPartitionKeyOfSeveralIsAllowed) {
  const TableName table = create("composite", {{"p", "text"}, {"q", "text"}, {"value", "int"}}, {"p", "q"}, 2);
  ASSERT_TRUE(ok(write({update(table, {{"p", ""}, {"q", "x"}}, {{"value", 1}})})));
  EXPECT_EQ(read(table, {{"p", ""}, {"q", "x"}})->size(), 1u);
}

TEST_P(TableStoreSuite, ANullKeyIsRejected) {
  const TableName table = create("nulls", {{"id", "text"}, {"c", "text"}, {"value", "int"}}, {"id", "c"});
  EXPECT_TRUE(failed(write({update(table, {{"id", Value()}, {"c", "x"}}, {{"value", 1}})}), Treatment::reject));
  EXPECT_TRUE(failed(write({update(table, {{"id", "x"}, {"c", Value()}}, {{"value", 1}})}), Treatment::reject));
}

TEST_P(TableStoreSuite, AValueThatDoesNotFitIsRejected) {
  const TableName table = create("ranges", {{"id", "text"}, {"i", "int"}, {"t", "text"}}, {"id"});
  const auto set = [&](const std::string& column, Value value) { return write({update(table, {{"id", "a"}}, {{column, std::move(value)}})}); };
  EXPECT_TRUE(failed(set("i", std::int64_t{1} << 31), Treatment::reject));
  EXPECT_TRUE(failed(set("t", "not \xff UTF-8"), Treatment::reject));
}

TEST_P(TableStoreSuite, AWriteNeedsTheWholeKey) {
  const TableName table = create("keys", {{"id", "text"}, {"c", "text"}, {"value", "int"}}, {"id", "c"});
  EXPECT_TRUE(failed(write({update(table, {{"id", "a"}}, {{"value", 1}})}), Treatment::fatal));
}

TEST_P(TableStoreSuite, AQueryNeedsTheWholePartitionKey) {
  const TableName table = create("keys", {{"p", "text"}, {"q", "text"}, {"c", "text"}}, {"p", "q", "c"}, 2);
  EXPECT_TRUE(failed(read(table, {{"p", "a"}}), Treatment::fatal));
}

TEST_P(TableStoreSuite, OneBadGroupLeavesTheOthersAlone) {
  const TableName table = create_simple("mixed", "int");
  const auto answers = write_each({put(table, "a", 1), put(table, "", 2), put(table, "b", "text"), put(table, "c", 3)});
  EXPECT_TRUE(ok(answers[0]));
  EXPECT_TRUE(failed(answers[1], Treatment::reject));
  EXPECT_TRUE(failed(answers[2], Treatment::fatal));
  EXPECT_TRUE(ok(answers[3]));
  EXPECT_EQ(value_of(table, "a"), Value(1));
  EXPECT_EQ(value_of(table, "b"), Value());
  EXPECT_EQ(value_of(table, "c"), Value(3));
}

TEST_P(TableStoreSuite, ABadRowTakesItsWholeGroup) {
  const TableName table = create_simple("groups", "int");
  EXPECT_TRUE(failed(write({put(table, "a", 1), put(table, "", 2), put(table, "c", 3)}), Treatment::reject));
  EXPECT_EQ(value_of(table, "a"), Value());
  EXPECT_EQ(value_of(table, "c"), Value());
}

TEST_P(TableStoreSuite, ATableIsDescribedAsItWasMade) {
  const TableSchema made{.name = named("described"),
                         .columns = {{"p", "text"},
                                     {"q", "int"},
                                     {"c", "timestamp"},
                                     {"d", "text"},
                                     {"a", "map<text, double>"},
                                     {"b", "list<frozen<map<text, text>>>"},
                                     {"e", "set<text>"},
                                     {"f", "boolean"},
                                     {"g", "float"},
                                     {"h", "bigint"},
                                     {"i", "blob"},
                                     {"Mixed Case", "double"}},
                         .key = {"p", "q", "c", "d"},
                         .partition_columns = 2};
  ASSERT_TRUE(ok(store_->create(made)));
  const auto found = store_->describe(made.name);
  ASSERT_TRUE(ok(found));
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->name, made.name);
  EXPECT_EQ((*found)->key, made.key);
  EXPECT_EQ((*found)->partition_columns, made.partition_columns);
  const auto types = [](const TableSchema& table) {
    std::map<std::string, std::string> types;
    for (const Column& column : table.columns) types[column.name] = column.type;
    return types;
  };
  EXPECT_EQ(types(**found), types(made));
}

TEST_P(TableStoreSuite, AMissingTableIsDescribedAsAbsent) {
  create_simple("there", "int");
  const auto missing = store_->describe(named("not_there"));
  ASSERT_TRUE(ok(missing));
  EXPECT_FALSE(missing->has_value());
  const auto nowhere = store_->describe({unique_name("no_keyspace"), "t"});
  ASSERT_TRUE(ok(nowhere));
  EXPECT_FALSE(nowhere->has_value());
}

TEST_P(TableStoreSuite, CreatingATableAgainKeepsItsRows) {
  const TableName table = create_simple("twice", "int");
  ASSERT_TRUE(ok(write({put(table, "a", 1)})));
  create_simple("twice", "int");
  EXPECT_EQ(value_of(table, "a"), Value(1));
}

TEST_P(TableStoreSuite, ADroppedKeyspaceIsGone) {
  const TableName table = create_simple("dropped", "int");
  ASSERT_TRUE(ok(write({put(table, "a", 1)})));
  ASSERT_TRUE(ok(store_->drop_keyspace(keyspace_)));
  const auto found = store_->describe(table);
  ASSERT_TRUE(ok(found));
  EXPECT_FALSE(found->has_value());
}

TEST_P(TableStoreSuite, TheStoreAnswersAPing) { EXPECT_TRUE(ok(store_->ping())); }

}  // namespace
}  // namespace lernd
