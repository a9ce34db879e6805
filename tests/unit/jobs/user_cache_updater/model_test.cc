// Random users, profiles and events against the model.
#include "unit/jobs/user_cache_updater/model.h"

#include <random>

#include "jobs/user_cache_updater/job.h"
#include "support/seed.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Json = nlohmann::json;
using Values = std::map<std::string, std::uint64_t>;

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }
  std::string one_of(const std::vector<std::string>& from) { return from[below(from.size())]; }

  std::string text() {
    static const std::vector<std::string> kPieces = {"a", "B", "[", "]", "{", "}",  "\"",   "\\", "<",        "&",
                                                     "'", "=", "é", "अ", "/", "\n", "\x01", " ",  "{\"x\":1}"};
    std::string text;
    for (auto n = below(4); n > 0; --n) text += one_of(kPieces);
    return text;
  }

  /// Mostly what `usual` gives, now and then nothing or something of another type.
  Json odd_or(const Json& usual) {
    static const std::vector<Json> kOdd = {nullptr, 7, true, Json::object(), Json::array()};
    return chance(6) ? kOdd[below(kOdd.size())] : usual;
  }

  Json list() {
    Json list = Json::array();
    for (auto n = below(3); n > 0; --n) list.push_back(chance(5) ? odd_or(5) : Json(text()));
    return chance(8) ? Json(text()) : list;
  }

  Json profile() {
    Json profile = Json::object();
    for (const auto* name : {"firstName", "lastName", "encEmail", "encPhone", "rootOrgId", "userId"}) {
      if (!chance(4)) profile[name] = odd_or(text());
    }
    profile["rootOrg"] = odd_or({{"orgName", odd_or(text())}});
    profile["language"] = odd_or(list());
    profile["status"] = odd_or(below(3));
    Json locations = Json::array();
    for (auto n = below(5); n > 0; --n) {
      static const std::vector<std::string> kTypes = {"state",  "State", "district", "block",       "cluster",      "school",
                                                      "SCHOOL", "ward",  "",         "framework_x", "userlogintype"};
      locations.push_back(odd_or({{"type", odd_or(one_of(kTypes))}, {"name", odd_or(text())}, {"code", text()}}));
    }
    profile["userLocations"] = odd_or(locations);
    Json types = Json::array();
    for (auto n = below(4); n > 0; --n)
      types.push_back(chance(8) ? Json() : Json{{"type", odd_or(one_of({"t", "u", ""}))}, {"subType", odd_or(one_of({"s", ""}))}});
    profile["profileUserTypes"] = odd_or(types);
    profile["framework"] = odd_or({{"id", odd_or(Json::array({one_of({"f", "g", "unknown"})}))},
                                   {"board", list()},
                                   {"medium", odd_or(list())},
                                   {"gradeLevel", list()},
                                   {"subject", odd_or(list())}});
    return profile;
  }

  Json answer() {
    switch (below(8)) {
      case 0:
        return {{"responseCode", "client_error"}, {"params", {{"err", one_of({"UOS_USRRED0006", "uos_usrred0006", "other"})}}}};
      case 1:
        return {{"responseCode", one_of({"SERVER_ERROR", "RESOURCE_NOT_FOUND", "OK"})}, {"params", {{"err", "x"}}}, {"result", Json::object()}};
      case 2:
        return chance(2) ? Json("no envelope") : Json{{"result", {{"response", profile()}}}};
      default:
        return {{"responseCode", one_of({"OK", "ok"})}, {"result", {{"response", profile()}}}};
    }
  }

  Json event(const std::string& user) {
    Audit audit{.user = user,
                .state = one_of({"Create", "update", "UPDATED", "Delete", "LoggedIn"}),
                .producer = one_of({"learner-service", "learner-service", "app"})};
    for (auto n = below(3); n > 0; --n) audit.context.emplace_back(one_of({"SignupType", "userRole", "Source"}), one_of({"google", "sso", "other", "[x]", ""}));
    Json event = audit.json();
    if (chance(10)) event["object"]["type"] = one_of({"Content", "", "USER"});
    if (chance(15)) event["edata"]["state"] = odd_or("Update");
    if (chance(10)) event["context"]["cdata"].push_back(odd_or({{"type", odd_or("UserRole")}, {"id", odd_or("x")}}));
    return event;
  }

  Model::Entry entry() {
    static const std::vector<std::string> kFields = {"state",          "district", "schoolname", "schooludisecode", "framework_medium",
                                                     "my_framework_x", "usertype", "ward",       "firstname"};
    Model::Entry entry;
    for (auto n = below(7); n > 0; --n) entry[one_of(kFields)] = text();
    return entry;
  }

 private:
  std::mt19937_64 random_;
};

const std::vector<std::string> kUsersOfAll = {"u1", "u2", "u 3/é"};
const std::map<std::string, std::string> kEncoded = {{"u1", "u1"}, {"u2", "u2"}, {"u 3/é", "u%203%2F%C3%A9"}};

/// One state of all, for the model and for the rules.
struct Pair {
  Pair(Random& random, bool categories_layout)
      : options(categories_layout ? options_of(categories()) : options_of()), layout(categories_layout ? categories() : Settings()) {
    model.categories = categories_layout;
    model.frameworks = {{"f", {"board", "medium", "gradeLevel"}}, {"g", {"subject", "id"}}};
    for (const auto& [id, codes] : model.frameworks) services.frameworks[id] = framework_answer(codes);
    for (const std::string& user : kUsersOfAll) {
      model.answers[user] = random.answer();
      services.users[kEncoded.at(user)] = {.status = static_cast<int>(200 + random.below(400)), .body = model.answers[user].dump()};
      if (auto entry = random.entry(); !entry.empty()) model.entries["user:" + user] = services.entries["user:" + user] = std::move(entry);
    }
  }

  Model model;
  Services services;
  Options options;
  Settings layout;
  Counts counts;

  std::optional<UserAudited> event_in(const Json& json) {
    auto event = read({.offset = {}, .time = {}, .key = {}, .value = json.dump(), .headers = {}}, options);
    if (!event) counts.add(counter::kSkipped);
    return event ? std::optional(*std::move(event)) : std::nullopt;
  }

  /// Hands an event to the rules; parks it when they refuse it.
  bool take(const UserAudited& event) {
    Facts facts;
    const Step step = services.run(event, options, &facts);
    if (const Plan* plan = std::get_if<Plan>(&step)) {
      services.apply(*plan);
      counts.add(plan->counts);
      return true;
    }
    counts.add(parked(event, facts, options).counts);
    return false;
  }
};

class AgainstTheModel : public testing::TestWithParam<bool> {
 protected:
  static constexpr int kRounds = 400;
  Random random_{test_seed()};
};

TEST_P(AgainstTheModel, OneEventAfterTheOther) {
  std::size_t failed = 0;
  std::size_t written = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    for (int n = 0; n < 6; ++n) {
      const Json event = random_.event(random_.one_of(kUsersOfAll));
      const bool expected = pair.model.take(event);
      const auto read = pair.event_in(event);
      ASSERT_EQ(!read || pair.take(*read), expected) << event;
      ASSERT_EQ(pair.services.entries, pair.model.entries) << event << "\n" << Json(pair.model.answers);
      ASSERT_EQ(counts_in(pair.counts), pair.model.counters) << event;
      failed += expected ? 0 : 1;
      written += counts_in(pair.counts).contains("success-message-count") ? 1 : 0;
    }
  }
  EXPECT_GT(failed, 100u);
  EXPECT_GT(written, 1000u);
}

TEST_P(AgainstTheModel, ASecondTimeChangesNothing) {
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    const auto event = pair.event_in(random_.event("u1"));
    if (!event || !pair.take(*event)) continue;
    const auto once = pair.services.entries;
    ASSERT_TRUE(pair.take(*event));
    ASSERT_EQ(pair.services.entries, once);
  }
}

TEST_P(AgainstTheModel, FoldedEventsAreOneAfterTheOther) {
  const auto job = description().make(values_of(GetParam() ? categories() : Settings()));
  std::size_t folds = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    std::optional<UserAudited> event;
    for (int n = 0; n < 4; ++n) {
      const Json json = random_.event("u1");
      pair.model.take(json);
      auto next = pair.event_in(json);
      if (!next) continue;
      if (event && job->fold(*event, *next)) {
        ++folds;
        continue;
      }
      if (event) pair.take(*event);
      event = std::move(next);
    }
    if (event) pair.take(*event);
    ASSERT_EQ(pair.services.entries, pair.model.entries);
    ASSERT_EQ(counts_in(pair.counts), pair.model.counters);
  }
  EXPECT_GT(folds, 100u);
}

TEST_P(AgainstTheModel, TheOrderOfUsersDoesNotMatter) {
  for (int round = 0; round < kRounds; ++round) {
    Pair here(random_, GetParam());
    Pair there = here;
    std::map<std::string, std::vector<Json>> events;
    for (const std::string& user : kUsersOfAll) {
      for (auto n = random_.below(4); n > 0; --n) events[user].push_back(random_.event(user));
    }
    for (auto of_user = events.begin(); of_user != events.end(); ++of_user) {
      for (const Json& event : of_user->second) {
        if (const auto read = here.event_in(event)) here.take(*read);
      }
    }
    for (auto of_user = events.rbegin(); of_user != events.rend(); ++of_user) {
      for (const Json& event : of_user->second) {
        if (const auto read = there.event_in(event)) there.take(*read);
      }
    }
    ASSERT_EQ(here.services.entries, there.services.entries);
    ASSERT_EQ(here.counts, there.counts);
  }
}

// Whatever stands in a stored field, only whether it is empty may show in the plan.
TEST_P(AgainstTheModel, NoStoredValueIsRead) {
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    const auto event = pair.event_in(random_.event("u1"));
    if (!event) continue;
    const Step step = pair.services.run(*event, pair.options);
    for (auto& [key, entry] : pair.services.entries) {
      for (auto& [field, value] : entry) value = value.empty() ? "" : random_.one_of({"{", "[", "{broken", "[1,", "null", "\x01", "x"});
    }
    const Step other = pair.services.run(*event, pair.options);
    ASSERT_EQ(step, other);
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, AgainstTheModel, testing::Bool(), [](const auto& layout) { return std::string(layout.param ? "categories" : "bmgs"); });

}  // namespace
}  // namespace lernd::user_cache_updater
