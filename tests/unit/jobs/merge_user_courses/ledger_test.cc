#include "jobs/merge_user_courses/ledger.h"

#include <gtest/gtest.h>

#include "unit/jobs/merge_user_courses/merging.h"

namespace lernd::merge_user_courses {
namespace {

const TableName kTable{"k", "merged"};
const Origin kOrigin{{"topic", 3}, {41}};

/// The entry that writes leave in an empty table.
LedgerEntry entry_after(const std::vector<RowWrite>& writes) {
  std::map<Value, Row, decltype([](const Value& a, const Value& b) { return *a.integer() < *b.integer(); })> rows;
  for (const RowWrite& write : writes) {
    const Row row = row_of(write);
    for (const auto& [column, cell] : row) rows[row.at("piece")][column] = cell;
  }
  std::vector<Row> all;
  for (const auto& [piece, row] : rows) all.push_back(row);
  const auto entry = ledger_entry(rows_of(all));
  EXPECT_TRUE(entry);
  return *entry;
}

Claims many_claims(std::size_t count) {
  Claims claims;
  for (std::size_t i = 0; i < count; ++i) {
    claims.copied.insert({"course \"1\"", "b\n", "copied" + std::to_string(i)});
    claims.counted.emplace(ContentKey{"course", "", "counted" + std::to_string(i)},
                           Counted{i % 3 == 0 ? Value() : Value(static_cast<std::int64_t>(i)), Value(-1)});
  }
  return claims;
}

TEST(Ledger, AnEventIsItsMidAndItsAccounts) {
  const auto key = ledger_key(request("s", "t", "m"), kOrigin);
  EXPECT_EQ(key, (std::vector<Cell>{{"event", "mid m"}, {"source_id", "s"}, {"target_id", "t"}}));
  EXPECT_EQ(key, ledger_key(request("s", "t", "m"), {{"topic", 0}, {7}})) << "wherever it lies";
  EXPECT_NE(key, ledger_key(request("s", "t", "n"), kOrigin));
  EXPECT_NE(key, ledger_key(request("t", "s", "m"), kOrigin));
}

TEST(Ledger, WithoutAMidAnEventIsWhereItLies) {
  const auto key = ledger_key(request("s", "t", ""), kOrigin);
  EXPECT_EQ(key[0], (Cell{"event", "at topic/3/41"}));
  EXPECT_NE(key, ledger_key(request("s", "t", ""), {{"topic", 3}, {42}}));
  EXPECT_NE(key, ledger_key(request("s", "t", "at topic/3/41"), kOrigin)) << "whatever a mid says";
}

TEST(Ledger, ReadsBackWhatItWrote) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{10}, std::size_t{10'000}}) {
    const Claims claims = many_claims(count);
    const auto writes = claim_writes(kTable, ledger_key(request(), kOrigin), claims, 0);
    EXPECT_EQ(writes.size() > 1, count == 10'000) << writes.size();
    for (const RowWrite& write : writes) EXPECT_LT(write.set[0].value.text()->size(), 300'000u);
    const LedgerEntry entry = entry_after(writes);
    EXPECT_EQ(entry.claims, claims);
    EXPECT_EQ(entry.pieces, static_cast<int>(writes.size()));
    EXPECT_FALSE(entry.complete);
  }
}

TEST(Ledger, LaterClaimsAreAdded) {
  const auto key = ledger_key(request(), kOrigin);
  auto writes = claim_writes(kTable, key, many_claims(2), 0);
  Claims more;
  more.copied.insert({"c", "b", "new"});
  const auto added = claim_writes(kTable, key, more, entry_after(writes).pieces);
  writes.insert(writes.end(), added.begin(), added.end());
  Claims all = many_claims(2);
  all.copied.insert({"c", "b", "new"});
  EXPECT_EQ(entry_after(writes).claims, all);
}

TEST(Ledger, NoClaimsAreNoWrites) { EXPECT_TRUE(claim_writes(kTable, ledger_key(request(), kOrigin), {}, 0).empty()); }

TEST(Ledger, CompleteWithoutItsClaims) {
  const auto key = ledger_key(request(), kOrigin);
  auto writes = claim_writes(kTable, key, many_claims(2), 0);
  writes.push_back(completion_write(kTable, key, {5}));
  const LedgerEntry entry = entry_after(writes);
  EXPECT_TRUE(entry.complete);
  EXPECT_TRUE(entry.claims.empty());
  EXPECT_TRUE(entry_after({completion_write(kTable, key, {5})}).complete) << "without claims before it";
}

TEST(Ledger, TheUnknownEvent) {
  const auto entry = ledger_entry(Rows());
  ASSERT_TRUE(entry);
  EXPECT_FALSE(entry->complete);
  EXPECT_TRUE(entry->claims.empty());
  EXPECT_EQ(entry->pieces, 0);
}

TEST(Ledger, WhatItDidNotWriteIsCorrupt) {
  for (const char* text : {"", "x", "{}", "[1]", "[[]]", R"([["a","b"]])", R"([["a","b",3]])", R"([["a","b","c",1]])", R"([["a","b","c"])"}) {
    const auto entry = ledger_entry(rows_of({{{"piece", 0}, {"claims", text}}}));
    ASSERT_FALSE(entry) << text;
    EXPECT_EQ(entry.error().code, ErrorCode::corrupt);
    EXPECT_EQ(entry.error().treatment, Treatment::fatal);
  }
}

// The topic keeps its records for two days; a week is the least (section 9).
TEST(Ledger, EntriesLiveForTwoWeeks) {
  const TableSchema shape = ledger_shape(kTable);
  EXPECT_EQ(shape.properties, "default_time_to_live = 1209600");
  EXPECT_EQ(shape.key, (std::vector<std::string>{"event", "source_id", "target_id", "piece"}));
  EXPECT_EQ(shape.partition_columns, 3u);
}

}  // namespace
}  // namespace lernd::merge_user_courses
