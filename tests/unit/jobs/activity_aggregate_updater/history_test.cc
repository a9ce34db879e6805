#include <gtest/gtest.h>

#include <algorithm>

#include "core/json.h"
#include "jobs/registry.h"
#include "support/seed.h"
#include "unit/jobs/activity_aggregate_updater/update.h"
#include "unit/runtime/world.h"

/// Random histories of several learners through the worker, on stores in memory: mixed, with deaths of the process, and with messages that come again, against
/// the model, which takes one message after the other.
namespace lernd::activity_aggregate_updater {
namespace {

using activity_model::Course;
using activity_model::Enrolment;
using activity_model::Model;
using activity_model::Settings;

const TableName kContents{"k", "user_content_consumption"};
const TableName kEnrolments{"k", "user_enrolments"};
const TableName kAggregates{"k", "user_activity_agg"};
const CacheId kRelations{"redis", 10};
const CacheId kFingerprints{"dedup-redis", 3};

/// A learner and a course; the batch is always `b1`.
using Key = std::pair<std::string, std::string>;

struct Message {
  Key key;
  std::vector<std::string> items;
};

/// A platform: courses, enrolments, and the messages about each, in their order.
struct History {
  std::map<std::string, Course> courses;  // the model calls each of them `do_1`
  std::map<Key, Enrolment> enrolments;
  std::map<Key, std::vector<Message>> messages;
};

/// What is left of one: all enrolments, and the events of each in their order.
struct Ending {
  std::map<Key, Enrolment> enrolments;
  std::map<Key, std::vector<std::string>> events;
  std::size_t fingerprints = 0;
  bool operator==(const Ending&) const = default;
};

void PrintTo(const Ending& ending, std::ostream* out) {
  for (const auto& [key, enrolment] : ending.enrolments) {
    *out << "\n" << key.first << " in " << key.second << ":";
    for (const auto& [id, content] : enrolment.contents) {
      *out << " " << id << "=" << content.status.value_or(-1) << "/" << content.views.value_or(-1) << "/" << content.completions.value_or(-1);
    }
    if (enrolment.row) *out << "; status " << enrolment.row->status.value_or(-1) << " progress " << enrolment.row->progress.value_or(-1);
    for (const auto& [id, n] : enrolment.aggregates) *out << "; " << id << " " << n;
  }
  for (const auto& [key, events] : ending.events) {
    *out << "\n" << key.first << " in " << key.second << ":";
    for (const auto& event : events) *out << " " << event << ",";
  }
  *out << "\n" << ending.fingerprints << " fingerprints\n";
}

OptionValues values_of(const Settings& settings) {
  OptionValues values = default_values(find_job("activity-aggregate-updater")->options);
  values.set("lms-cassandra.keyspace", "k");
  values.set("kafka.output.audit.topic", "sums");
  values.set("kafka.output.certissue.topic", "sums");
  values.set("kafka.output.failed.topic", "failed");
  values.set("service.search.basePath", "http://search");
  values.set("threshold.batch.read.size", std::to_string(settings.window));
  values.set("threshold.batch.write.size", std::to_string(settings.group_rows));
  values.set("activity.input.dedup.enabled", settings.dedup ? "true" : "false");
  return values;
}

std::vector<TableSchema> shapes() {
  std::vector<TableSchema> shapes;
  for (const TableUse& use : find_job("activity-aggregate-updater")->tables(values_of({}))) shapes.push_back(use.shape);
  return shapes;
}

std::string message_text(const Message& message) {
  std::string text;
  JsonWriter json(text);
  json.open_object().name("edata").open_object().name("action").text("batch-enrolment-update");
  json.name("userId").text(message.key.first).name("courseId").text(message.key.second).name("batchId").text("b1").name("contents").open_array();
  for (const auto& item : message.items) json.open_object().name("contentId").text(item).name("status").integer(2).close_object();
  json.close_array().close_object().close_object();
  return text;
}

void set(RowWrite& row, const char* column, std::optional<int> value) {
  if (value) row.set.push_back({column, *value});
}

void put_courses(World& world, const History& history) {
  CacheGroup sets;
  std::vector<HttpStub> stubs;
  for (const auto& [course_id, course] : history.courses) {
    const auto named = [&, own = course_id](const std::string& id) { return id == "do_1" ? own : id; };
    for (const auto& [kind, of_kind] : {std::pair{"leafnodes", &course.leaf}, {"optionalnodes", &course.optional}, {"ancestors", &course.ancestors}}) {
      for (const auto& [id, members] : *of_kind) {
        CacheWrite write{.kind = CacheWrite::Kind::put_set, .cache = kRelations, .key = fmt::format("{}:{}:{}", course_id, named(id), kind)};
        for (const auto& member : members) write.value.members.push_back(named(member));
        sets.push_back(std::move(write));
      }
    }
    stubs.push_back({.method = "POST",
                     .path = "/v3/search",
                     .body_contains_json = R"({"request":{"filters":{"identifier":")" + course_id + R"("}}})",
                     .body = R"({"result":{"count":1,"content":[{"status":")" + course.search + R"("}]}})"});
  }
  world.answer(stubs);
  world.write(sets);
}

void put_learners(World& world, const History& history) {
  std::vector<RowWrite> rows;
  for (const auto& [key, enrolment] : history.enrolments) {
    const std::vector<Cell> cells{{"userid", key.first}, {"courseid", key.second}, {"batchid", "b1"}};
    for (const auto& [id, content] : enrolment.contents) {
      RowWrite& row = rows.emplace_back(RowWrite{RowWrite::Kind::insert, kContents, cells, {}});
      row.key.push_back({"contentid", id});
      set(row, "status", content.status);
      set(row, "viewcount", content.views);
      set(row, "completedcount", content.completions);
    }
    if (!enrolment.row) continue;
    RowWrite& row = rows.emplace_back(RowWrite{RowWrite::Kind::insert, kEnrolments, cells, {{"active", true}}});
    set(row, "status", enrolment.row->status);
  }
  world.write(rows);
}

std::optional<int> number_in(const Value& value) { return value.integer() == nullptr ? std::nullopt : std::optional(static_cast<int>(*value.integer())); }

std::string text_in(const Value& value) { return value.text() == nullptr ? "" : *value.text(); }

void read_events(World& world, const std::string& topic, Ending& ending) {
  for (const std::string& body : world.values(topic)) {
    const auto document = JsonDocument::parse(body);
    const JsonView root = document->root();
    const auto name = event_name(body);
    const auto in = [](JsonView view, const char* member) { return std::string(view.find(member).value_or(JsonView()).text().value_or("")); };
    Key key;
    if (name == "failed") {
      key = {in(root, "userId"), in(root, "courseId")};
    } else if (name == "certificate") {
      key = {std::string(*root.find("edata")->find("userIds")->items()[0].text()), in(*root.find("edata"), "courseId")};
    } else {
      key = {in(*root.find("actor"), "id"), in(*root.find("object")->find("rollup"), "l1")};
    }
    ending.events[key].push_back(name);
  }
}

Ending ending_of(World& world) {
  Ending ending;
  const Rows contents = world.rows(kContents);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const auto row = contents[i];
    ending.enrolments[{text_in(row["userid"]), text_in(row["courseid"])}].contents[text_in(row["contentid"])] = {
        number_in(row["status"]), number_in(row["viewcount"]), number_in(row["completedcount"])};
  }
  const Rows enrolments = world.rows(kEnrolments);
  for (std::size_t i = 0; i < enrolments.size(); ++i) {
    const auto row = enrolments[i];
    auto& found = ending.enrolments[{text_in(row["userid"]), text_in(row["courseid"])}].row.emplace();
    found.status = number_in(row["status"]);
    found.progress = number_in(row["progress"]);
    found.completed_on = !row["completedon"].is_null();
    if (const auto* statuses = row["contentstatus"].map()) {
      for (const auto& [id, status] : statuses->entries) found.contents[text_in(id)] = *number_in(status);
    }
  }
  const Rows aggregates = world.rows(kAggregates);
  for (std::size_t i = 0; i < aggregates.size(); ++i) {
    const auto row = aggregates[i];
    // Units have names of their own, so the course of a unit is found by the learner's other rows; here all units are named after their course.
    const auto id = text_in(row["activity_id"]);
    const auto course = id.substr(0, id.find('.'));
    ending.enrolments[{text_in(row["user_id"]), course}].aggregates[id == course ? "do_1" : id] =
        std::get<double>(row["aggregates"].map()->entries.front().second.form);
  }
  ending.fingerprints = world.cached(kFingerprints).size();
  read_events(world, "sums", ending);
  read_events(world, "failed", ending);
  return ending;
}

/// Units get the name of their course in front, so that an aggregate tells whose it is.
Course with_own_units(const Course& course, const std::string& course_id) {
  const auto named = [&](const std::string& id) { return id.starts_with('m') ? course_id + "." + id : id; };
  Course own{.leaf = {}, .optional = {}, .ancestors = {}, .search = course.search};
  for (const auto& [id, members] : course.leaf) own.leaf[named(id)] = members;
  for (const auto& [id, members] : course.optional) own.optional[named(id)] = members;
  for (const auto& [id, members] : course.ancestors) {
    for (const auto& member : members) own.ancestors[id].insert(named(member));
  }
  return own;
}

class ActivityHistories : public testing::Test {
 protected:
  /// `up_to_date`: the course service wrote all statuses before it sent the messages, and all courses are there.
  History random_history(Situations& situations, bool up_to_date) {
    History history;
    for (const std::string course_id : {"do_1", "do_2"}) {
      Course course = with_own_units(situations.course(), course_id);
      if (up_to_date && course.leaf["do_1"].empty()) course.leaf["do_1"] = {"c0", "c1"};
      if (course.search != "Retired") course.search = "Live";
      history.courses[course_id] = course;
      for (const std::string user : {"u0", "u1", "u2"}) {
        const Key key{user, course_id};
        Enrolment& enrolment = history.enrolments[key] = situations.enrolment();
        enrolment.fingerprints.clear();
        auto& messages = history.messages[key];
        for (auto n = situations.below(5); n > 0; --n) {
          messages.push_back(!messages.empty() && situations.below(4) == 0 ? messages[situations.below(messages.size())] : Message{key, situations.items(3)});
        }
        if (!up_to_date) continue;
        for (const Message& message : messages) {
          for (const auto& item : message.items) enrolment.contents[item].status = 2;
        }
      }
    }
    return history;
  }

  Ending expected(const History& history, const Settings& settings) {
    Ending ending{.enrolments = history.enrolments, .events = {}};
    for (const auto& [key, messages] : history.messages) {
      for (const Message& message : messages) {
        const auto out = Model(history.courses.at(key.second), settings).take(ending.enrolments.at(key), message.items);
        for (const auto& event : out.events) ending.events[key].push_back(event);
        // Failed events are in a topic of their own.
        for (std::size_t n = out.rejected ? 1 : out.failed; n > 0; --n) failed_[key].emplace_back("failed");
      }
    }
    for (auto& [key, failed] : failed_) {
      auto& events = ending.events[key];
      events.insert(events.end(), failed.begin(), failed.end());
    }
    failed_.clear();
    for (auto& [key, enrolment] : ending.enrolments) {
      ending.fingerprints += enrolment.fingerprints.size();
      enrolment.fingerprints.clear();
    }
    std::erase_if(ending.enrolments, [](const auto& entry) { return entry.second == Enrolment(); });
    return ending;
  }

  /// One run of the whole history, with the messages of different learners mixed anew, and deaths on the way.
  Ending run(const History& history, const Settings& settings, Situations& situations, std::uint64_t deaths) {
    World world(1, shapes());
    put_courses(world, history);
    put_learners(world, history);
    auto sequences = history.messages;
    std::vector<std::string> mixed;
    for (std::erase_if(sequences, is_empty); !sequences.empty(); std::erase_if(sequences, is_empty)) {
      auto& messages = std::next(sequences.begin(), static_cast<std::ptrdiff_t>(situations.below(sequences.size())))->second;
      mixed.push_back(message_text(messages.front()));
      messages.erase(messages.begin());
    }
    world.produce(mixed);
    const auto job = find_job("activity-aggregate-updater")->make(values_of(settings));
    for (; deaths > 0; --deaths) {
      world.options.poll.records = 1 + situations.below(12);
      if (!world.live(*job, {.calls_left = static_cast<int>(situations.below(25)), .when = static_cast<Death::When>(situations.below(3))})) ++died_;
    }
    world.options.poll.records = 1 + situations.below(12);
    const auto lived = world.live(*job);
    EXPECT_TRUE(lived) << lived.error().text;
    return ending_of(world);
  }

  static bool is_empty(const std::pair<const Key, std::vector<Message>>& entry) { return entry.second.empty(); }

  std::map<Key, std::vector<std::string>> failed_;
  int died_ = 0;
};

TEST_F(ActivityHistories, EndAsTheModelSaysInAnyMixtureWhereverTheProcessDies) {
  constexpr int kHistories = 150;
  const auto seed = test_seed();
  for (int number = 0; number < kHistories; ++number) {
    SCOPED_TRACE(fmt::format("seed {} history {}", seed, number));
    Situations situations(seed + static_cast<std::uint64_t>(number));
    const History history = random_history(situations, false);
    const Settings settings{.dedup = situations.below(4) > 0, .window = 1, .group_rows = 1 + situations.below(4)};
    const Ending end = expected(history, settings);
    for (const std::uint64_t deaths : {std::uint64_t{0}, situations.below(4)}) ASSERT_EQ(run(history, settings, situations, deaths), end);
  }
  EXPECT_GT(died_, kHistories / 4) << "too few deaths to prove anything";
}

// Where windows begin depends on how records meet in a batch, and on deaths. As long as the rows say what the messages say, it makes no difference.
TEST_F(ActivityHistories, WindowsMakeNoDifferenceWhenTheRowsAreUpToDate) {
  constexpr int kHistories = 100;
  const auto seed = test_seed();
  for (int number = 0; number < kHistories; ++number) {
    SCOPED_TRACE(fmt::format("seed {} history {}", seed, number));
    Situations situations(seed + static_cast<std::uint64_t>(number));
    const History history = random_history(situations, true);
    const Ending end = expected(history, {});
    for (const std::size_t window : {2u, 3u, 1000u}) ASSERT_EQ(run(history, {.window = window}, situations, situations.below(3)), end);
  }
  EXPECT_GT(died_, kHistories / 4) << "too few deaths to prove anything";
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
