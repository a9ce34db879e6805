#include "adapters/embedded/membership.h"

#include <gtest/gtest.h>

#include "adapters/embedded/connection.h"
#include "adapters/embedded/process_identity.h"
#include "adapters/embedded/wall_clock.h"
#include "unit/adapters_embedded/embedded_school.h"
#include "unit/adapters_embedded/forked_child.h"

namespace lernd::embedded {
namespace {

using Partitions = std::vector<std::int32_t>;

class MembershipTest : public testing::Test {
 protected:
  Membership member() { return Membership(connection_, "group", "topic"); }
  Partitions refreshed(Membership& member, std::int32_t partitions = 4) {
    const auto standing = member.refresh(partitions);
    EXPECT_TRUE(ok(standing));
    return standing ? standing->partitions : Partitions();
  }
  void add(const std::string& name, std::int64_t seen_ms) {
    ASSERT_TRUE(ok(connection_.change(R"(INSERT INTO lernd_member ("group", topic, member, seen_ms) VALUES ('group', 'topic', ?, ?))", name, seen_ms)));
  }
  std::int64_t members() { return connection_.number("SELECT count(*) FROM lernd_member")->value_or(-1); }

  std::shared_ptr<EmbeddedDatabase> database_ = School::opened(":memory:");
  SqliteConnection& connection_ = database_->connection();
};

TEST_F(MembershipTest, OneMemberOwnsEverything) {
  Membership only = member();
  EXPECT_EQ(refreshed(only), (Partitions{0, 1, 2, 3}));
  EXPECT_EQ(refreshed(only, 6), (Partitions{0, 1, 2, 3, 4, 5})) << "partitions may be added";
}

TEST_F(MembershipTest, EveryPartitionHasExactlyOneOwner) {
  std::vector<Membership> all;
  for (int count = 1; count <= 6; ++count) {
    all.push_back(member());
    refreshed(all.back());
    std::multiset<std::int32_t> owned;
    for (Membership& each : all) {
      const Partitions mine = refreshed(each);
      owned.insert(mine.begin(), mine.end());
      EXPECT_LE(mine.size(), static_cast<std::size_t>((4 + count - 1) / count));
    }
    EXPECT_EQ(owned, (std::multiset<std::int32_t>{0, 1, 2, 3})) << count << " members";
  }
}

TEST_F(MembershipTest, WhoLeavesGivesHisPartitionsBack) {
  Membership first = member();
  Membership second = member();
  refreshed(first);
  refreshed(second);
  EXPECT_EQ(refreshed(first).size(), 2u);
  ASSERT_TRUE(ok(second.leave()));
  EXPECT_EQ(refreshed(first).size(), 4u);
}

TEST_F(MembershipTest, GroupsAndTopicsAreApart) {
  Membership here = member();
  Membership other_group(connection_, "other", "topic");
  Membership other_topic(connection_, "group", "other");
  refreshed(here);
  refreshed(other_group);
  refreshed(other_topic);
  EXPECT_EQ(refreshed(here).size(), 4u);
}

TEST_F(MembershipTest, WhoHasNotPolledForTheLeaseIsOut) {
  const std::string elsewhere = "1-1-1/";  // of another name space: nobody can see whether it runs
  add(elsewhere + "late", now_ms() - Membership::kLease.count() - 1);
  add(elsewhere + "early", now_ms() + Membership::kLease.count() + 1000);
  add(elsewhere + "in time", now_ms() - Membership::kLease.count() + 5000);
  Membership mine = member();
  EXPECT_EQ(refreshed(mine).size(), 2u);
  EXPECT_EQ(members(), 2) << "and the rows of the others are gone";
}

TEST_F(MembershipTest, WhoseProcessHasEndedIsOutAtOnce) {
  ForkedChild child([](const auto& tell) { tell(own_process()); });
  const std::string identity = child.wait_until_done();
  add(identity + "/x", now_ms());
  Membership before = member();
  EXPECT_EQ(refreshed(before).size(), 2u);
  child.kill();
  Membership after = member();
  EXPECT_EQ(refreshed(after).size(), 2u) << "shared with the first one of this process";
  EXPECT_EQ(members(), 2);
}

TEST_F(MembershipTest, WhoWasTakenForGoneIsToldAndJoinsAnew) {
  Membership evicted = member();
  refreshed(evicted);
  ASSERT_TRUE(ok(connection_.change("DELETE FROM lernd_member")));
  EXPECT_EQ(evicted.owned(4), Result<Partitions>(Partitions{})) << "a commit would be fenced";
  bool told = false;
  EXPECT_TRUE(eventually([&] {
    const auto standing = evicted.refresh(4);
    EXPECT_TRUE(ok(standing));
    told = told || standing->evicted;
    return standing->partitions.size() == 4;
  }));
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace lernd::embedded
