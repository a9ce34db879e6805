// Random histories of transfers through the worker, on stores in memory: with deaths of the process and of the index between any two calls.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "jobs/user_ownership_transfer/job.h"
#include "support/seed.h"
#include "unit/jobs/user_ownership_transfer/town.h"
#include "unit/runtime/fake_index.h"
#include "unit/runtime/world.h"

namespace lernd::user_ownership_transfer {
namespace {

using Texts = std::vector<std::string>;

const Texts kUsers = {"u1", "u2", "u3", "u4"};

DocumentId document_id(const std::string& batch) { return {"course-batch", batch}; }

/// The user service, and the search of the course service over what the index shows.
class TownServices final : public HttpClient {
 public:
  TownServices(FakeIndex& index, const std::set<std::string>& blocked) : index_(index), blocked_(blocked) {}

  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    std::vector<Result<HttpAnswer>> answers;
    for (const HttpQuery& query : queries) answers.push_back(query.method == "GET" ? account(query.url) : search(Json::parse(query.body)["request"]));
    return answers;
  }

 private:
  HttpAnswer account(const std::string& url) const {
    for (const std::string& user : kUsers) {
      if (url.find("/" + user + "?") != std::string::npos) return blocked_.contains(user) ? blocked_answer() : account_answer(user, "org");
    }
    return {.status = 404, .body = ""};
  }

  HttpAnswer search(const Json& request) const {
    const bool created = request["filters"].contains("createdBy");
    const Json user = created ? request["filters"]["createdBy"] : request["filters"]["mentors"][0];
    Json found = Json::array();
    for (const auto& [id, stored] : index_.documents) {
      const Json& source = stored.source;
      const bool fits = created ? source["createdBy"] == user : std::ranges::find(source["mentors"], user) != source["mentors"].end();
      if (fits && stored.shown) found.push_back({{"batchId", source["batchId"]}, {"courseId", source["courseId"]}});
    }
    const auto offset = std::min(request.value("offset", std::size_t{0}), found.size());
    Json page = Json::array();
    for (std::size_t i = offset; i < std::min(found.size(), offset + 2); ++i) page.push_back(found[i]);
    return {.status = 200, .body = Json{{"result", {{"response", {{"count", found.size()}, {"content", page}}}}}}.dump()};
  }

  FakeIndex& index_;
  const std::set<std::string>& blocked_;
};

struct Batch {
  std::string creator;
  std::multiset<std::string> mentors;
  bool operator==(const Batch&) const = default;
};
using Batches = std::map<std::string, Batch>;

/// A town on the stores of a worker.
struct Place {
  explicit Place(const OptionValues& values) : world(1, {description().tables(values).front().shape}), table(description().tables(values).front().shape.name) {
    world.search = &index;
    world.http = std::make_unique<TownServices>(index, blocked);
    world.options.poll.records = 7;
  }

  void add_batch(const std::string& id, const std::string& creator, const Texts& mentors) {
    ValueList list;
    for (const std::string& mentor : mentors) list.items.emplace_back(mentor);
    world.write({{RowWrite::Kind::insert, table, {{"courseid", "c"}, {"batchid", id}}, {{"createdby", creator}, {"mentors", list}}}});
    index.documents[document_id(id)].source = {{"batchId", id}, {"courseId", "c"}, {"createdBy", creator}, {"mentors", mentors}};
  }

  Batches in_table() {
    Batches batches;
    const Rows rows = world.rows(table);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Batch& batch = batches[*rows[i]["batchid"].text()];
      batch.creator = *rows[i]["createdby"].text();
      if (const ValueList* list = rows[i]["mentors"].list()) {
        for (const Value& mentor : list->items) batch.mentors.insert(*mentor.text());
      }
    }
    return batches;
  }

  Batches in_index() const {
    Batches batches;
    for (const auto& [id, stored] : index.documents) {
      Batch& batch = batches[id.id];
      batch.creator = stored.source["createdBy"];
      for (const Json& mentor : stored.source["mentors"]) batch.mentors.insert(mentor.get<std::string>());
    }
    return batches;
  }

  /// One life that ends at a call of the tables or the log, or at an update of a document.
  bool live_until(const Job& job, Death death, int updates) {
    index.fault = [updates](const DocumentId&) mutable -> Result<bool> {
      if (updates < 0 || updates-- > 0) return true;
      return std::unexpected(Death::error());
    };
    const bool done = world.live(job, death).has_value();
    index.fault = nullptr;
    return done;
  }

  FakeIndex index;
  std::set<std::string> blocked;
  World world;
  TableName table;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  const std::string& user() { return kUsers[below(kUsers.size())]; }

  /// Mentors stand once, so that table and index can be compared.
  Texts mentors() {
    Texts mentors = kUsers;
    std::ranges::shuffle(mentors, random_);
    mentors.resize(below(kUsers.size()));
    return mentors;
  }

  Death death() { return {.calls_left = static_cast<int>(below(12)), .when = static_cast<Death::When>(below(3))}; }

 private:
  std::mt19937_64 random_;
};

TEST(TransferHistory, DeathsChangeNothing) {
  Random random(test_seed());
  std::size_t deaths = 0;
  for (int round = 0; round < 60; ++round) {
    const OptionValues values = values_of({{"lms-cassandra.keyspace", "k"}, {"task.user.ownership.transfer.parallelism", round % 2 == 0 ? "1" : "4"}});
    const auto job = description().make(values);
    Place undisturbed(values);
    Place place(values);
    for (std::size_t n = 2 + random.below(8); n > 0; --n) {
      const std::string id = "b" + std::to_string(n);
      const std::string creator = random.user();
      const Texts mentors = random.mentors();
      for (Place* one : {&undisturbed, &place}) one->add_batch(id, creator, mentors);
    }
    Texts events;
    for (std::size_t n = 1 + random.below(9); n > 0; --n)
      events.push_back(Ordered{.from = random.user(), .to = random.user(), .mid = std::to_string(n)}.json().dump());
    for (Place* one : {&undisturbed, &place}) one->world.produce(events);

    ASSERT_TRUE(undisturbed.world.live(*job).has_value());
    for (int life = 0; life < 6; ++life)
      deaths += place.live_until(*job, random.death(), random.below(3) == 0 ? static_cast<int>(random.below(4)) : -1) ? 0 : 1;
    ASSERT_TRUE(place.world.live(*job).has_value());
    ASSERT_EQ(place.in_table(), undisturbed.in_table());
    ASSERT_EQ(place.in_index(), undisturbed.in_index());
    ASSERT_EQ(place.in_table(), place.in_index());
  }
  EXPECT_GT(deaths, 60u);
}

// The usual order of things: a user is deleted, and his batches are handed over at the same time.
TEST(TransferHistory, TableAndIndexAgreeWhenTheOldOwnerIsDeletedAfterADeath) {
  Random random(test_seed());
  std::size_t changed = 0;
  std::size_t dead = 0;
  for (int round = 0; round < 200; ++round) {
    const OptionValues values = values_of({{"lms-cassandra.keyspace", "k"}});
    const auto job = description().make(values);
    Place place(values);
    for (const char* id : {"b1", "b2", "b3"}) place.add_batch(id, random.user(), random.mentors());
    const Batches before = place.in_table();
    place.world.produce({Ordered{.from = "u1", .to = "u2"}.json().dump()});
    if (!place.live_until(*job, random.death(), random.below(2) == 0 ? static_cast<int>(random.below(3)) : -1)) ++dead;
    place.blocked = {"u1"};
    ASSERT_TRUE(place.world.live(*job).has_value());
    ASSERT_EQ(place.in_table(), place.in_index());
    changed += place.in_table() != before ? 1 : 0;
  }
  EXPECT_GT(dead, 50u);
  EXPECT_GT(changed, 30u);
}

// An index that is away for a while: the partition waits, and nothing is lost or done twice.
TEST(TransferHistory, AnIndexThatIsAwayIsWaitedFor) {
  const OptionValues values = values_of({{"lms-cassandra.keyspace", "k"}});
  const auto job = description().make(values);
  Place place(values);
  place.add_batch("b1", "u1", {"u1", "u3"});
  place.world.produce({Ordered{.from = "u1", .to = "u2"}.json().dump(), Ordered{.from = "u2", .to = "u4"}.json().dump()});
  int faults = 5;
  place.index.fault = [&](const DocumentId&) -> Result<bool> {
    if (faults-- > 0) return fail(Treatment::retry, ErrorCode::unavailable, "the index is read-only");
    return true;
  };
  ASSERT_TRUE(place.world.live(*job).has_value());
  EXPECT_EQ(place.in_table(), (Batches{{"b1", {"u4", {"u3", "u4"}}}}));
  EXPECT_EQ(place.in_index(), place.in_table());
  EXPECT_EQ(place.world.metrics.counts["success-message-count"], 2u);
  EXPECT_EQ(place.world.metrics.counts["db-update-success-count"], 4u);
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
