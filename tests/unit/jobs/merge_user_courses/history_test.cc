#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/json.h"
#include "jobs/registry.h"
#include "support/seed.h"
#include "unit/jobs/merge_user_courses/model.h"
#include "unit/runtime/world.h"

/// Random histories of merges through the worker, on stores in memory: against the model, with deaths of the process, and shuffled.
namespace lernd {
namespace {

using model::Accounts;
using model::Merge;

OptionValues values() {
  OptionValues values = default_values(find_job("merge-user-courses")->options);
  values.set("lms-cassandra.keyspace", "k");
  values.set("kafka.output.course.batch.updater.topic", "sums");
  values.set("kafka.output.enrolment.sync.topic", "");
  values.set("kafka.output.failed.topic", "failed");
  return values;
}

std::vector<TableSchema> shapes() {
  std::vector<TableSchema> shapes;
  for (const TableUse& use : find_job("merge-user-courses")->tables(values())) shapes.push_back(use.shape);
  return shapes;
}

const TableName kContents{"k", "user_content_consumption"};
const TableName kEnrolments{"k", "user_enrolments"};
const TableName kAggregates{"k", "user_activity_agg"};

void set(RowWrite& row, const char* column, const auto& value) {
  if (value) row.set.push_back({column, *value});
}

std::vector<RowWrite> rows_of(const Accounts& accounts) {
  std::vector<RowWrite> rows;
  for (const auto& [id, account] : accounts) {
    for (const auto& [key, content] : account.contents) {
      const auto& [course, batch, content_id] = key;
      RowWrite& row = rows.emplace_back(
          RowWrite{RowWrite::Kind::insert, kContents, {{"userid", id}, {"courseid", course}, {"batchid", batch}, {"contentid", content_id}}, {}});
      set(row, "status", content.status);
      set(row, "viewcount", content.views);
      set(row, "progressdetails", content.details);
      if (content.accessed) row.set.push_back({"last_access_time", Timestamp{*content.accessed}});
      if (content.date) row.set.push_back({"lastaccesstime", model::kDates[*content.date].text});
    }
    for (const auto& [key, added_by] : account.enrolments) {
      rows.push_back({RowWrite::Kind::insert, kEnrolments, {{"userid", id}, {"courseid", key.first}, {"batchid", key.second}}, {{"addedby", added_by}}});
    }
    for (const auto& [key, aggregate] : account.aggregates) {
      ValueMap map;
      for (const auto& [name, value] : aggregate.values) map.entries.emplace_back(name, value);
      ValueList details;
      for (const std::string& detail : aggregate.details) details.items.emplace_back(detail);
      rows.push_back({RowWrite::Kind::insert,
                      kAggregates,
                      {{"activity_type", "Course"}, {"activity_id", key.first}, {"user_id", id}, {"context_id", "cb:" + key.second}},
                      {{"aggregates", map}, {"agg_details", details}}});
    }
  }
  return rows;
}

template <class T>
std::optional<T> number_in(const Value& value) {
  return value.integer() == nullptr ? std::nullopt : std::optional(static_cast<T>(*value.integer()));
}

std::string text_in(const Value& value) { return value.text() == nullptr ? "" : *value.text(); }

Accounts accounts_in(World& world) {
  Accounts accounts;
  const Rows contents = world.rows(kContents);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const auto row = contents[i];
    auto& content = accounts[text_in(row["userid"])].contents[{text_in(row["courseid"]), text_in(row["batchid"]), text_in(row["contentid"])}];
    content.status = number_in<int>(row["status"]);
    content.views = number_in<int>(row["viewcount"]);
    if (const auto* time = std::get_if<Timestamp>(&row["last_access_time"].form)) content.accessed = time->ms;
    if (row["progressdetails"].text() != nullptr) content.details = text_in(row["progressdetails"]);
    if (row["lastaccesstime"].text() != nullptr) {
      const auto date = std::ranges::find(model::kDates, text_in(row["lastaccesstime"]), [](const model::Date& one) { return std::string(one.text); });
      content.date = static_cast<std::size_t>(date - std::begin(model::kDates));
    }
  }
  const Rows enrolments = world.rows(kEnrolments);
  for (std::size_t i = 0; i < enrolments.size(); ++i) {
    const auto row = enrolments[i];
    accounts[text_in(row["userid"])].enrolments[{text_in(row["courseid"]), text_in(row["batchid"])}] = text_in(row["addedby"]);
  }
  const Rows aggregates = world.rows(kAggregates);
  for (std::size_t i = 0; i < aggregates.size(); ++i) {
    const auto row = aggregates[i];
    auto& aggregate = accounts[text_in(row["user_id"])].aggregates[{text_in(row["activity_id"]), text_in(row["context_id"]).substr(3)}];
    if (const auto* map = row["aggregates"].map()) {
      for (const auto& [name, value] : map->entries) aggregate.values[text_in(name)] = std::get<double>(value.form);
    }
    if (const auto* list = row["agg_details"].list()) {
      for (const Value& detail : list->items) aggregate.details.push_back(text_in(detail));
    }
  }
  return accounts;
}

/// Accounts without anything are as good as none.
Accounts plain(Accounts accounts) {
  std::erase_if(accounts, [](const auto& entry) { return entry.second == model::Account(); });
  return accounts;
}

Accounts contents_alone(Accounts accounts) {
  for (auto& [id, account] : accounts) {
    account.enrolments.clear();
    account.aggregates.clear();
  }
  return plain(std::move(accounts));
}

std::string message(const Merge& merge) {
  std::string text;
  JsonWriter json(text);
  json.open_object();
  if (!merge.mid.empty()) json.name("mid").text(merge.mid);
  json.name("edata").open_object().name("fromAccountId").text(merge.source).name("toAccountId").text(merge.target).close_object().close_object();
  return text;
}

std::vector<std::string> messages(const std::vector<Merge>& merges) {
  std::vector<std::string> all;
  for (const Merge& merge : merges) all.push_back(message(merge));
  return all;
}

std::vector<std::string> synced_in(World& world) {
  std::vector<std::string> synced;
  for (const std::string& value : world.values("sums")) {
    const auto document = JsonDocument::parse(value);
    const auto edata = *document->root().find("edata");
    const auto text = [&](const char* member) { return std::string(*edata.find(member)->text()); };
    synced.push_back(text("courseId") + " " + text("batchId") + " " + text("userId"));
  }
  return synced;
}

/// Merges among the accounts `prefix`0, `prefix`1, …; some messages come again, some have no id.
std::vector<Merge> random_merges(std::mt19937_64& random, const std::string& prefix, std::size_t accounts) {
  std::vector<Merge> merges;
  const std::size_t count = 1 + random() % 12;
  while (merges.size() < count) {
    if (!merges.empty() && random() % 4 == 0) {
      merges.push_back(merges[random() % merges.size()]);
      continue;
    }
    const std::size_t source = random() % accounts;
    const std::size_t target = (source + 1 + random() % (accounts - 1)) % accounts;
    merges.push_back({prefix + std::to_string(source), prefix + std::to_string(target), random() % 5 == 0 ? "" : prefix + "m" + std::to_string(merges.size())});
  }
  return merges;
}

Accounts random_accounts(std::mt19937_64& random, const std::string& prefix, std::size_t count) {
  Accounts accounts;
  for (std::size_t i = 0; i < count; ++i) accounts[prefix + std::to_string(i)] = model::random_account(random, prefix + std::to_string(i));
  return accounts;
}

class Histories : public testing::Test {
 protected:
  /// Lives that end in death, then one that comes to the end.
  void live(World& world, std::mt19937_64& random, std::uint64_t deaths) {
    for (; deaths > 0; --deaths) {
      world.options.poll.records = 1 + random() % 10;
      if (!world.live(*job_, {.calls_left = static_cast<int>(random() % 40), .when = static_cast<Death::When>(random() % 3)})) ++died_;
    }
    world.options.poll.records = 1 + random() % 10;
    ASSERT_TRUE(world.live(*job_).has_value());
  }

  /// Random merges in a process that dies at random; then the world is compared with the model.
  void run(int histories, bool journalled, const std::function<void(World&, const model::School&)>& compare) {
    const auto seed = test_seed();
    for (int history = 0; history < histories; ++history) {
      SCOPED_TRACE(fmt::format("seed {} history {}", seed, history));
      std::mt19937_64 random(seed + static_cast<std::uint64_t>(history));
      model::School school(random_accounts(random, "u", 2 + random() % 3));
      World world(1, shapes());
      world.options.journalled = journalled;
      world.write(rows_of(school.accounts));
      const auto merges = random_merges(random, "u", school.accounts.size());
      world.produce(messages(merges));
      for (const Merge& merge : merges) school.merge(merge);
      ASSERT_NO_FATAL_FAILURE(live(world, random, random() % 4));
      ASSERT_NO_FATAL_FAILURE(compare(world, school));
    }
    EXPECT_GT(died_, histories / 4) << "too few deaths to prove anything";
  }

  std::unique_ptr<Job> job_ = find_job("merge-user-courses")->make(values());
  int died_ = 0;
};

TEST_F(Histories, EndAsTheModelSaysWhereverTheProcessDies) {
  run(250, true, [](World& world, const model::School& school) {
    ASSERT_EQ(plain(accounts_in(world)), plain(school.accounts));
    ASSERT_EQ(synced_in(world), school.synced);
  });
}

// Without journal and transactions a merge may be computed twice, but the ledger still keeps the counts right. (Aggregates and enrolments are then those of a
// later state of the source, and events may come twice.)
TEST_F(Histories, CountsAreAddedOnceEvenWithoutAJournal) {
  run(150, false, [](World& world, const model::School& school) { ASSERT_EQ(contents_alone(accounts_in(world)), contents_alone(school.accounts)); });
}

TEST_F(Histories, AMessageTwiceIsOnce) {
  const auto seed = test_seed();
  for (int history = 0; history < 50; ++history) {
    SCOPED_TRACE(fmt::format("seed {} history {}", seed, history));
    std::mt19937_64 random(seed + static_cast<std::uint64_t>(history));
    const Accounts accounts = random_accounts(random, "u", 2);
    World once(1, shapes());
    World twice(1, shapes());
    for (World* world : {&once, &twice}) world->write(rows_of(accounts));
    const std::string text = message({"u0", "u1", "m"});
    once.produce({text});
    twice.produce({text, text});
    live(once, random, 0);
    live(twice, random, random() % 3);
    ASSERT_EQ(accounts_in(twice), accounts_in(once));
    const auto events = synced_in(once);
    auto doubled = events;
    doubled.insert(doubled.end(), events.begin(), events.end());
    ASSERT_EQ(synced_in(twice), doubled) << "its events are sent again";
  }
}

/// Mixes sequences at random, each in its own order.
std::vector<std::string> mixed(std::vector<std::vector<std::string>> sequences, std::mt19937_64& random) {
  std::vector<std::string> all;
  for (;;) {
    std::erase_if(sequences, [](const auto& sequence) { return sequence.empty(); });
    if (sequences.empty()) return all;
    auto& next = sequences[random() % sequences.size()];
    all.push_back(next.front());
    next.erase(next.begin());
  }
}

TEST_F(Histories, TheOrderOfUnrelatedLearnersDoesNotMatter) {
  const auto seed = test_seed();
  for (int history = 0; history < 60; ++history) {
    SCOPED_TRACE(fmt::format("seed {} history {}", seed, history));
    std::mt19937_64 random(seed + static_cast<std::uint64_t>(history));
    Accounts accounts;
    std::vector<std::vector<std::string>> sequences;
    for (const char* family : {"a", "b", "c"}) {
      accounts.merge(random_accounts(random, family, 3));
      // Without an id a message is where it lies, and that is what is shuffled here.
      auto merges = random_merges(random, family, 3);
      for (std::size_t i = 0; i < merges.size(); ++i) {
        if (merges[i].mid.empty()) merges[i].mid = fmt::format("{} own {}", family, i);
      }
      sequences.push_back(messages(merges));
    }
    std::optional<Accounts> first;
    for (int order = 0; order < 3; ++order) {
      World world(1, shapes());
      world.write(rows_of(accounts));
      world.produce(mixed(sequences, random));
      live(world, random, random() % 2);
      if (!first) first = accounts_in(world);
      ASSERT_EQ(accounts_in(world), *first);
    }
  }
}

}  // namespace
}  // namespace lernd
