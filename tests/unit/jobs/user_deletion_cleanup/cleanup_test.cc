#include "jobs/user_deletion_cleanup/cleanup.h"

#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs lookups(const std::vector<std::pair<const char*, Value>>& stored, const std::string& account) {
  std::vector<std::string> columns;
  std::vector<Value> cells;
  for (const auto& [column, value] : stored) {
    columns.emplace_back(column);
    cells.push_back(value);
  }
  columns.emplace_back("status");
  cells.emplace_back(1);
  Rows rows(columns);
  rows.add(cells);
  const auto document = JsonDocument::parse(account);
  Pairs pairs;
  for (const RowWrite& write : lookup_removals(rows[0], document->root(), options_of())) {
    EXPECT_EQ(write.kind, RowWrite::Kind::erase);
    EXPECT_EQ(write.table, (TableName{"sunbird", "user_lookup"}));
    EXPECT_EQ(write.key.at(0).column + write.key.at(1).column, "typevalue");
    pairs.emplace_back(*write.key[0].value.text(), *write.key[1].value.text());
  }
  return pairs;
}

TEST(Lookups, StoredValuesAndThoseOfTheAnswer) {
  EXPECT_EQ(
      lookups({{"email", "enc-e"}, {"phone", "enc-p"}, {"username", "enc-n"}},
              R"({"email":"a***","phone":"***1","externalId":"x1","username":"n","userName":"N"})"),
      (Pairs{{"email", "a***"}, {"email", "enc-e"}, {"externalid", "x1"}, {"phone", "***1"}, {"phone", "enc-p"}, {"username", "enc-n"}, {"username", "n"}}));
}

TEST(Lookups, TheSameValueOnce) { EXPECT_EQ(lookups({{"email", "e"}}, R"({"email":"e"})"), (Pairs{{"email", "e"}})); }

TEST(Lookups, BlankValuesAreNone) {
  EXPECT_TRUE(lookups({{"email", ""}, {"phone", " \t"}, {"username", Value()}}, R"({"email":" ","phone":null,"username":7,"externalId":""})").empty());
  EXPECT_TRUE(lookups({}, "{}").empty());
}

TEST(Profile, IsThatOfADeletedUser) {
  const RowWrite write = blanked_profile("u1", options_of());
  EXPECT_EQ(write.kind, RowWrite::Kind::update);
  EXPECT_EQ(write.table, (TableName{"sunbird", "user"}));
  EXPECT_EQ(write.key, (std::vector<Cell>{{"id", "u1"}}));
  std::map<std::string, Value> set;
  for (const Assignment& one : write.set) {
    EXPECT_EQ(one.mode, Assignment::Mode::replace);
    set[one.column] = one.value;
  }
  std::map<std::string, Value> expected = {{"status", 2}};
  for (const char* column : {"maskedemail", "maskedphone", "recoveryemail", "recoveryphone", "prevusedemail", "prevusedphone", "username", "firstname",
                             "lastname", "dob", "email", "phone"}) {
    expected[column] = "";
  }
  EXPECT_EQ(set, expected);
}

TEST(Membership, EndsNow) {
  const RowWrite write = membership_end(event_of({}), options_of(), {1714558530123});
  EXPECT_EQ(write.key, (std::vector<Cell>{{"userid", "u1"}, {"organisationid", "org"}}));
  EXPECT_EQ(write.set, (std::vector<Assignment>{{"isdeleted", true}, {"orgleftdate", "2024-05-01 10:15:30:123+0000"}}));
}

TEST(DateText, InUtc) {
  EXPECT_EQ(date_text({0}), "1970-01-01 00:00:00:000+0000");
  EXPECT_EQ(date_text({951782399999}), "2000-02-28 23:59:59:999+0000");
  EXPECT_EQ(date_text({951782400007}), "2000-02-29 00:00:00:007+0000");
}

TEST(CacheRemovals, OneForEachServer) {
  EXPECT_EQ(cache_removals("u1", options_of()).size(), 1u);
  const auto groups = cache_removals("u1", options_of({{"redis-meta.host", "elsewhere"}, {"user.redis.store", "3"}}));
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0], (CacheGroup{{.kind = CacheWrite::Kind::erase, .cache = {"redis-meta", 3}, .key = "user:u1", .value = {}}}));
  EXPECT_EQ(groups[1], (CacheGroup{{.kind = CacheWrite::Kind::erase, .cache = {"redis", 3}, .key = "user:u1", .value = {}}}));
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
