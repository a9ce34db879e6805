// `lernd cache check` over a user table of the real Cassandra and a real Redis: exactly what is missing and stale, of all users, of a file, and of a sample.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration/program.h"
#include "integration/user_cache/world.h"

namespace lernd {
namespace {

using Json = nlohmann::json;
using Lines = std::multiset<std::string>;

constexpr int kUsers = 400;

class CacheCheckOnServices : public testing::Test {
 protected:
  void SetUp() override {
    const auto built = world_.cache("rebuild");
    ASSERT_EQ(built.code, 0) << built.err;
  }

  /// Takes some entries away and changes others. The ids of all of them.
  Lines spoil() {
    Lines wrong;
    const auto& users = world_.readable();
    for (std::size_t i = 0; i < users.size(); i += 10) {
      world_.erase(users[i]);
      world_.put(users[i + 1], {{"firstname", "another"}});
      world_.put(users[i + 2], {{"block", "gone"}}, {"state"});
      world_.put(users[i + 3], {{"note", "of somebody else"}, {"usersignintype", "Validated"}});  // no field of a profile
      wrong.insert({users[i], users[i + 1], users[i + 2]});
    }
    return wrong;
  }

  /// What a check says, in JSON and without its time.
  Json checked(std::vector<std::string> more, int code) {
    more.insert(more.end(), {"--format", "json"});
    const auto found = world_.cache("check", more);
    EXPECT_EQ(found.code, code) << found.err;
    auto json = Json::parse(found.out, nullptr, false);
    EXPECT_TRUE(json.is_object()) << found.out;
    if (json.is_object()) json.erase("elapsed_ms");
    return json;
  }

  UserCacheWorld world_{kUsers};
};

TEST_F(CacheCheckOnServices, TellsExactlyWhatIsMissingAndStale) {
  const int readable = static_cast<int>(world_.readable().size());
  const auto well = checked({"--sample", "1000"}, 0);
  EXPECT_EQ(well["right"], readable);
  EXPECT_EQ(well["not_judged"], Json::parse(R"({"unknown":20,"blocked":20,"failed":0})"));

  const auto wrong = spoil();
  const int each = static_cast<int>(wrong.size()) / 3;
  const Json expected{{"users", kUsers},
                      {"right", readable - 3 * each},
                      {"missing", each},
                      {"stale", 2 * each},
                      {"stale_fields", {{"block", each}, {"firstname", each}, {"state", each}}},
                      {"not_judged", {{"unknown", 20}, {"blocked", 20}, {"failed", 0}}}};
  const std::vector<std::string> of_all{"--sample", "1000", "--list", "wrong.csv"};
  const std::vector<std::string> of_file{"--ids", world_.write_ids("all.csv", world_.users()), "--list", "wrong.csv"};
  const auto before = world_.entries();
  for (const auto& words : {of_all, of_file}) {
    auto found = checked(words, 1);
    found.erase("source");
    found.erase("seed");
    EXPECT_EQ(found, expected);
    EXPECT_EQ(world_.lines("wrong.csv"), wrong);
  }
  EXPECT_EQ(world_.entries(), before) << "a check changes nothing";

  const auto mended = world_.cache("rebuild", {"--ids", world_.file("wrong.csv")});
  EXPECT_EQ(mended.code, 0) << mended.err;
  EXPECT_EQ(checked({"--sample", "1000"}, 0)["right"], readable);
}

TEST_F(CacheCheckOnServices, ASampleIsOfItsSizeAndTheSameOnceMore) {
  const auto wrong = spoil();
  const std::vector<std::string> words{"--sample", "40", "--seed", "11", "--list", "wrong.csv"};
  const auto first = checked(words, 1);
  EXPECT_EQ(first["users"], 40);
  EXPECT_EQ(first["seed"], 11);
  const auto listed = world_.lines("wrong.csv");
  EXPECT_EQ(listed.size(), first["missing"].get<std::size_t>() + first["stale"].get<std::size_t>());
  for (const auto& user : listed) EXPECT_EQ(wrong.count(user), 1U) << user;
  EXPECT_EQ(checked(words, 1), first);
  EXPECT_EQ(world_.lines("wrong.csv"), listed);

  auto others = words;
  others[3] = "12";
  checked(others, 1);
  EXPECT_NE(world_.lines("wrong.csv"), listed);
}

TEST_F(CacheCheckOnServices, AnEntryThatTheJobIsWritingIsLookedAtTwice) {
  const auto user = world_.readable().front();
  world_.put(user, {{"firstname", "another"}});
  const int calls = world_.calls();
  world_.answer_after(std::chrono::seconds(1));
  Process process(world_.command("check", {"--ids", world_.write_ids("one.csv", {user})}));
  // It has been judged wrong once when the service is asked the second time.
  ASSERT_TRUE(wait_until([&] { return world_.calls() == calls + 2; })) << process.err();
  world_.put(user, {{"firstname", world_.rebuilt().at(user).at("firstname")}});
  EXPECT_EQ(process.wait(kLimit), 0) << process.err();
  EXPECT_EQ(world_.calls(), calls + 2);
  world_.keep(process.out() + process.err());
}

}  // namespace
}  // namespace lernd
