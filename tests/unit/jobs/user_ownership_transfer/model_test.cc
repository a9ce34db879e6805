// Random users, batches and events against the model.
#include "unit/jobs/user_ownership_transfer/model.h"

#include <random>

#include "jobs/user_ownership_transfer/job.h"
#include "support/seed.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

using Texts = std::vector<std::string>;

const Texts kUsers = {"u1", "u2", "U3", "u4", "u5"};

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }
  std::string one_of(const Texts& from) { return from[below(from.size())]; }

  Texts users() {
    Texts users;
    for (auto n = below(5); n > 0; --n) users.push_back(one_of(kUsers));
    return users;
  }

  Model::User user() {
    Model::User user{.organisation = chance(8) ? "other" : one_of({"org", "ORG"})};
    if (chance(6)) user.state = static_cast<Model::State>(1 + below(3));
    if (!chance(4)) user.stored_organisation = one_of({"org", "Org", "other"});
    return user;
  }

  Json event() {
    Ordered ordered{.from = one_of(kUsers), .to = one_of(kUsers), .organisation = chance(10) ? "other" : "org", .mid = "m" + std::to_string(below(1000))};
    if (chance(3)) ordered.asset = {{"objectType", one_of({"Course Batch", "coursebatch", "Content"})}, {"identifier", batch()}};
    Json event = ordered.json();
    if (chance(12)) event["edata"]["fromUserProfile"]["userId"] = chance(2) ? Json(7) : Json("");
    if (chance(12)) event["edata"].erase("toUserProfile");
    if (chance(20)) event["edata"].erase("organisationId");
    if (chance(12)) event["edata"]["fromUserProfile"]["userId"] = "stranger";
    return event;
  }

  std::string batch() { return "b" + std::to_string(below(8)); }

 private:
  std::mt19937_64 random_;
};

/// One state of all, for the model and for the rules.
struct Pair {
  Pair(Random& random, bool with_options) {
    if (with_options) settings = {{"ownership.accept.deleted.from.user", "true"}, {"ownership.asset.filter", "true"}};
    model.group = 1 + random.below(4);
    settings.emplace_back("threshold.batch.write.size", std::to_string(model.group));
    model.accepts_deleted = model.filters_assets = with_options;
    town.page = 1 + random.below(4);
    for (const std::string& id : kUsers) add(id, random.user());
    for (int n = 0; n < 8; ++n) add_batch("b" + std::to_string(n), random);
    if (random.chance(15)) {
      const bool created = random.chance(2);
      model.searches_away.insert(created ? "createdBy" : "mentors");
      town.search_answers[created ? "created" : "mentored"] = {.status = 502, .body = "Bad gateway"};
    }
  }

  void add(const std::string& id, const Model::User& user) {
    model.users[id] = user;
    switch (user.state) {
      case Model::State::active:
        town.add_user(id, user.organisation);
        break;
      case Model::State::blocked:
        town.accounts[id] = blocked_answer();
        break;
      case Model::State::forbidden:
        town.accounts[id] = {.status = 403, .body = account_answer(id, user.organisation).body};
        break;
      case Model::State::away:
        town.accounts[id] = {.status = 503, .body = ""};
        break;
    }
    if (user.stored_organisation) town.user_rows[id] = *user.stored_organisation;
  }

  /// Mostly the same in table and index; now and then not.
  void add_batch(const std::string& id, Random& random) {
    const std::string course = "c" + std::to_string(random.below(3));
    const std::string creator = random.one_of(kUsers);
    const Texts mentors = random.users();
    town.add_batch(course, id, creator, mentors, static_cast<int>(random.below(8) % 3));
    Json& document = town.documents[id];
    if (random.chance(3)) document["more"] = {{"by", random.one_of(kUsers)}, {"list", random.users()}, {"text", "of " + random.one_of(kUsers)}};
    if (random.chance(6)) document["mentors"] = random.users();
    if (random.chance(6)) document["createdBy"] = random.one_of(kUsers);
    if (random.chance(10)) town.rows[{course, id}].creator.reset();
    if (random.chance(8)) town.rows.erase({course, id});
    if (random.chance(10)) town.documents.erase(id);
    for (const auto& [key, row] : town.rows) model.rows[key] = {row.creator, row.mentors};
    model.documents = town.documents;
  }

  Options options() const { return options_of(settings); }

  void expect_equal(const std::string& what) const {
    std::map<RowKey, Row> rows;
    for (const auto& [key, batch] : model.rows) rows[key] = {batch.creator, batch.mentors};
    ASSERT_EQ(town.rows, rows) << what;
    ASSERT_EQ(town.documents, model.documents) << what;
    ASSERT_EQ(counts_in(counts), model.counters) << what;
  }

  Transfer event_in(const Json& json) const { return *read(record_of(json.dump())); }

  /// Hands an event to the rules; parks it when they refuse it.
  bool take(const Transfer& event) {
    Facts facts;
    const Step step = town.run(event, options(), &facts);
    if (const Plan* plan = std::get_if<Plan>(&step)) {
      town.apply(*plan);
      note(*plan);
      return true;
    }
    note(parked(event, facts, std::get<Reject>(step).error, options()));
    return false;
  }

  void note(const Plan& plan) {
    counts.add(plan.counts);
    endings += remarks_in(plan, "an ownership transfer ended").size();
  }

  Model model;
  Town town;
  Settings settings;
  Counts counts;
  std::size_t endings = 0;
};

class TransferModel : public testing::TestWithParam<bool> {
 protected:
  static constexpr int kRounds = 400;
  Random random_{test_seed()};
};

TEST_P(TransferModel, OneEventAfterTheOther) {
  std::size_t failed = 0;
  std::uint64_t written = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    for (std::size_t n = 1; n <= 6; ++n) {
      const Json event = random_.event();
      const bool expected = pair.model.take(event);
      ASSERT_EQ(pair.take(pair.event_in(event)), expected) << event;
      pair.expect_equal(event.dump());
      if (HasFatalFailure()) return;
      ASSERT_EQ(pair.endings, n) << "one line for each event";
      failed += expected ? 0 : 1;
    }
    written += pair.counts["db-update-success-count"];
  }
  EXPECT_GT(failed, 50u);
  EXPECT_GT(written, 300u);
}

TEST_P(TransferModel, ASecondTimeFindsNothing) {
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    const Transfer event = pair.event_in(random_.event());
    if (!pair.take(event)) continue;
    const Plan again = std::get<Plan>(pair.town.run(event, pair.options()));
    ASSERT_FALSE(again.writes());
    ASSERT_EQ(again.counts["db-update-success-count"], 0u);
  }
}

// The process may die between any two writes of a plan. What the next one does, be it the plan as it was or one made anew, ends in the same state.
TEST_P(TransferModel, ACrashBetweenStagesLosesNothing) {
  std::size_t crashes = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    const Transfer event = pair.event_in(random_.event());
    const Town before = pair.town;
    const Step step = pair.town.run(event, pair.options());
    const Plan* plan = std::get_if<Plan>(&step);
    if (plan == nullptr) continue;
    pair.town.apply(*plan);
    for (std::size_t stages = 1; stages <= plan->stages.size(); ++stages) {
      Town repeated = before;
      repeated.apply(*plan, stages);
      Town anew = repeated;
      repeated.apply(*plan);
      ASSERT_EQ(repeated.rows, pair.town.rows);
      ASSERT_EQ(repeated.documents, pair.town.documents);
      anew.carry_out(event, pair.options());
      ASSERT_EQ(anew.rows, pair.town.rows);
      ASSERT_EQ(anew.documents, pair.town.documents);
      ++crashes;
    }
  }
  EXPECT_GT(crashes, 100u);
}

// Why the plan is journalled: made anew, it is nothing when the old owner has been deleted meanwhile, and the index would name him for good.
TEST(TransferModelCrash, OnlyTheJournalledPlanOutlivesTheOldOwner) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from"});
  const Plan plan = std::get<Plan>(place.run(event_of({}), options_of()));
  ASSERT_EQ(plan.stages.size(), 3u);
  place.apply(plan, 2);
  place.accounts["from"] = blocked_answer();
  EXPECT_FALSE(place.carry_out(event_of({}), options_of()).writes());
  EXPECT_EQ(place.documents["b1"]["createdBy"], "from");
  place.apply(plan);
  EXPECT_EQ(place.documents["b1"]["createdBy"], "to");
}

TEST_P(TransferModel, FoldedEventsAreOneAfterTheOther) {
  std::size_t folds = 0;
  for (int round = 0; round < kRounds; ++round) {
    Pair pair(random_, GetParam());
    const auto job = description().make(values_of(pair.settings));
    const std::vector<Json> kinds = {random_.event(), random_.event()};
    std::optional<Transfer> event;
    std::size_t events = 0;
    for (int n = 0; n < 5; ++n, ++events) {
      const Json json = kinds[random_.below(4) % 3 % 2];
      pair.model.take(json);
      Transfer next = pair.event_in(json);
      if (event && job->fold(*event, next)) {
        ++folds;
        continue;
      }
      if (event) pair.take(*event);
      event = std::move(next);
    }
    pair.take(*event);
    pair.expect_equal(kinds[0].dump());
    if (HasFatalFailure()) return;
    ASSERT_EQ(pair.endings, events);
  }
  EXPECT_GT(folds, 200u);
}

// Events that share no user may come in any order: mentors then stand in another order, which means nothing.
TEST_P(TransferModel, TheOrderOfStrangersDoesNotMatter) {
  const auto sorted = [](Town town) {
    for (auto& [key, row] : town.rows) std::ranges::sort(row.mentors);
    return town.rows;
  };
  for (int round = 0; round < kRounds; ++round) {
    Pair here(random_, GetParam());
    Pair there = here;
    const Transfer one = here.event_in(Ordered{.from = "u1", .to = "u2"}.json());
    const Transfer other = here.event_in(Ordered{.from = "U3", .to = "u4"}.json());
    here.take(one);
    here.take(other);
    there.take(other);
    there.take(one);
    ASSERT_EQ(sorted(here.town), sorted(there.town));
    ASSERT_EQ(here.town.documents, there.town.documents);
    ASSERT_EQ(here.counts, there.counts);
  }
}

INSTANTIATE_TEST_SUITE_P(Options, TransferModel, testing::Bool(), [](const auto& options) { return std::string(options.param ? "all_on" : "as_shipped"); });

}  // namespace
}  // namespace lernd::user_ownership_transfer
