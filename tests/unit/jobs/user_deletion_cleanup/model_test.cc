// Random users and deletions against the model.
#include "unit/jobs/user_deletion_cleanup/model.h"

#include <random>

#include "support/seed.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Texts = std::vector<std::string>;

const Texts kUsers = {"u1", "u2", "U3", "7"};
const Texts kColumns = {"firstname", "email", "phone", "username", "profilelocation", "recoveryemail"};

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }
  std::string one_of(const Texts& from) { return from[below(from.size())]; }

  Json event() {
    Deleted deleted{.user = one_of(kUsers), .organisation = chance(6) ? one_of({"other", ""}) : one_of({"org", "org", "ORG"})};
    for (auto n = below(4); n > 0; --n) {
      deleted.managed.push_back(chance(6) ? Json() : chance(8) ? Json(7) : chance(8) ? Json(Json::array({"u1"})) : Json(one_of(kUsers)));
    }
    Json event = deleted.json();
    if (chance(15)) event["edata"]["userId"] = chance(2) ? Json("") : Json(7);
    if (chance(15)) event["edata"]["managed_users"] = chance(2) ? Json("u1") : Json();
    if (chance(15)) event["edata"]["userId"] = "stranger";
    return event;
  }

  Model::Account account(const std::string& id) {
    Model::Account account;
    account.answer = chance(3) ? static_cast<Model::Answer>(below(5)) : Model::Answer::account;
    account.shown = {{"identifier", chance(10) ? "another" : id}, {"rootOrgId", chance(10) ? "other" : one_of({"org", "Org"})}};
    for (const char* field : {"email", "phone", "username", "externalId", "userName"}) {
      if (!chance(3)) account.shown[field] = chance(6) ? Json(7) : Json(value());
    }
    return account;
  }

  Model::User user() {
    Model::User user;
    if (!chance(8)) user.root = one_of({"org", "ORG", "other"});
    if (!chance(5)) user.status = static_cast<int>(below(3));
    for (const std::string& column : kColumns) {
      if (!chance(3)) user.texts[column] = value();
    }
    return user;
  }

  std::string value() { return one_of({"a", "b", "c", "d", "", " "}); }

 private:
  std::mt19937_64 random_;
};

/// One state of all, for the model and for the rules.
struct Pair {
  explicit Pair(Random& random) {
    for (const std::string& id : kUsers) {
      if (!random.chance(12)) add(id, random.account(id));
      if (!random.chance(8)) model.users[id] = random.user();
      for (const std::string organisation : {"org", "ORG", "other"}) {
        if (!random.chance(3)) model.memberships[{id, organisation}] = random.chance(4);
      }
      for (auto n = random.below(3); n > 0; --n) model.identities[id].insert(random.one_of({"tn", "declared", "state"}));
      if (!random.chance(3)) model.cached.insert(id);
      if (!random.chance(3)) model.credentials.insert(id);
    }
    for (const char* type : {"email", "phone", "username", "externalid"}) {
      for (const char* value : {"a", "b", "c", "d"}) {
        if (!random.chance(3)) model.lookups[{type, value}] = random.one_of(kUsers);
      }
    }
    fill();
  }

  void add(const std::string& id, const Model::Account& account) {
    model.accounts[id] = account;
    switch (account.answer) {
      case Model::Answer::account:
        office.accounts[id] = account_answer(account.shown);
        break;
      case Model::Answer::no_json:
        office.accounts[id] = {.status = 200, .body = "<html>"};
        break;
      case Model::Answer::bad_request:
        office.accounts[id] = blocked_answer();
        break;
      case Model::Answer::refused:
        office.accounts[id] = {.status = 403, .body = account_answer(account.shown).body};
        break;
      case Model::Answer::away:
        office.accounts[id] = {.status = 502, .body = ""};
        break;
    }
  }

  /// Brings what the model holds into the tables of the office.
  void fill() {
    office.tables = tables_of(model);
    office.credentials = model.credentials;
    for (const std::string endpoint : {"redis-meta", "redis"}) {
      for (const std::string& id : model.cached) office.caches[{endpoint, 12}].insert("user:" + id);
    }
  }

  static std::map<std::string, std::vector<Office::Row>> tables_of(const Model& model) {
    std::map<std::string, std::vector<Office::Row>> tables;
    for (const auto& [id, user] : model.users) {
      Office::Row row = {{"id", id}};
      if (user.root) row["rootorgid"] = *user.root;
      if (user.status) row["status"] = *user.status;
      for (const auto& [column, text] : user.texts) row[column] = text;
      tables["user"].push_back(row);
    }
    for (const auto& [key, ended] : model.memberships) {
      tables["user_organisation"].push_back({{"userid", key.first}, {"organisationid", key.second}, {"isdeleted", ended}});
    }
    for (const auto& [key, user] : model.lookups) tables["user_lookup"].push_back({{"type", key.first}, {"value", key.second}, {"userid", user}});
    for (const auto& [user, types] : model.identities) {
      for (const std::string& type : types) tables["usr_external_identity"].push_back({{"userid", user}, {"idtype", type}, {"provider", "p"}});
    }
    return sorted(std::move(tables));
  }

  /// The tables without the times, and without tables that are empty.
  static std::map<std::string, std::vector<Office::Row>> plain(const Office& office) {
    auto tables = office.tables;
    for (Office::Row& row : tables["user_organisation"]) row.erase("orgleftdate");
    std::erase_if(tables, [](const auto& table) { return table.second.empty(); });
    return sorted(std::move(tables));
  }

  void expect_equal(const std::string& what) const {
    ASSERT_EQ(plain(office), tables_of(model)) << what;
    ASSERT_EQ(office.credentials, model.credentials) << what;
    for (const std::string endpoint : {"redis-meta", "redis"}) {
      std::set<std::string> keys;
      for (const std::string& id : model.cached) keys.insert("user:" + id);
      const auto found = office.caches.find({endpoint, 12});
      ASSERT_EQ(found == office.caches.end() ? std::set<std::string>() : found->second, keys) << what;
    }
    ASSERT_EQ(counts_in(counts), model.counters) << what;
    ASSERT_EQ(audits, model.audits) << what;
  }

  /// Hands a record over; parks the event when the rules refuse it.
  bool take(const Json& json) {
    const auto event = read(record_of(json.dump()));
    if (!event) {
      counts.add(counter::kSkipped);
      return true;
    }
    Facts facts;
    const Step step = office.run(*event, options(), &facts);
    const Plan* plan = std::get_if<Plan>(&step);
    if (plan == nullptr) {
      counts.add(parked(*event, facts, options()).counts);
      return false;
    }
    office.apply(*plan);
    counts.add(plan->counts);
    for (const OutputRecord& output : plan->outputs) {
      const Json audit = Json::parse(*output.value);
      audits.emplace_back(audit["object"]["id"], audit["edata"]["props"][0].get<std::string>().contains("keycloakCredentials:true"));
    }
    return true;
  }

  static Options options() { return options_of(keycloak({{"kafka.output.audit.topic", "audit"}, {"redis-meta.host", "elsewhere"}})); }

  Model model;
  Office office;
  Counts counts;
  std::vector<std::pair<std::string, bool>> audits;
};

class DeletionModel : public testing::Test {
 protected:
  static constexpr int kRounds = 600;
  Random random_{test_seed()};
};

TEST_F(DeletionModel, OneEventAfterTheOther) {
  std::size_t failed = 0;
  std::size_t audits = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_);
    for (int n = 0; n < 6; ++n) {
      const Json event = random_.event();
      const bool expected = pair.model.take(event);
      ASSERT_EQ(pair.take(event), expected) << event;
      pair.expect_equal(event.dump());
      if (HasFatalFailure()) return;
      failed += expected ? 0 : 1;
    }
    audits += pair.audits.size();
  }
  EXPECT_GT(failed, 200u);
  EXPECT_GT(audits, 300u);
}

TEST_F(DeletionModel, ASecondTimeChangesNothing) {
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_);
    const Json event = random_.event();
    if (!pair.take(event)) continue;
    const auto once = pair.office;
    pair.take(event);
    ASSERT_EQ(Pair::plain(pair.office), Pair::plain(once));
    ASSERT_EQ(pair.office.caches, once.caches);
    ASSERT_EQ(pair.office.credentials, once.credentials);
  }
}

// The process may die between the two stages, before the plan is in the journal or after. What the next one does ends in the same state.
TEST_F(DeletionModel, ACrashBetweenStagesLosesNothing) {
  std::size_t crashes = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_);
    const auto event = read(record_of(random_.event().dump()));
    if (!event) continue;
    const Office before = pair.office;
    const Step step = pair.office.run(*event, Pair::options());
    const Plan* plan = std::get_if<Plan>(&step);
    if (plan == nullptr) continue;
    const Office called = pair.office;
    pair.office.apply(*plan);
    for (std::size_t stages = 0; stages <= plan->stages.size(); ++stages) {
      Office repeated = called;
      repeated.apply(*plan, stages);
      Office anew = repeated;
      repeated.apply(*plan);
      ASSERT_EQ(Pair::plain(repeated), Pair::plain(pair.office));
      ASSERT_EQ(repeated.caches, pair.office.caches);
      anew.carry_out(*event, Pair::options());
      ASSERT_EQ(Pair::plain(anew), Pair::plain(pair.office));
      ASSERT_EQ(anew.caches, pair.office.caches);
      ASSERT_EQ(anew.credentials, pair.office.credentials);
      ++crashes;
    }
  }
  EXPECT_GT(crashes, 300u);
}

TEST_F(DeletionModel, TheOrderOfRowsDoesNotMatter) {
  std::mt19937_64 shuffle(random_.below(1u << 30));
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_);
    Pair other = pair;
    for (auto& [name, rows] : other.office.tables) std::ranges::shuffle(rows, shuffle);
    const Json event = random_.event();
    ASSERT_EQ(pair.take(event), other.take(event));
    ASSERT_EQ(Pair::plain(pair.office), Pair::plain(other.office));
    ASSERT_EQ(pair.audits, other.audits);
  }
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
