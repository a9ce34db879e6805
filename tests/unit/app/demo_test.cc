#include "app/demo/demo.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_table_store.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "app/demo/school.h"
#include "app/line_log.h"
#include "conformance/temporary_folder.h"
#include "support/must.h"
#include "support/ready_school.h"
#include "support/seed.h"

namespace lernd::demo {
namespace {

using nlohmann::json;

constexpr std::size_t kLearners = 150;
constexpr int kFinished = 2;

/// User and course.
using Key = std::pair<std::string, std::string>;

/// Status, and how often it was finished; nothing when no job has counted.
struct Opened {
  int status = 0;
  std::optional<int> completions;
  bool operator==(const Opened&) const = default;
};

/// What a demo leaves behind, or has to: the story told once more, in plain containers.
struct World {
  std::map<Key, int> enrolments;
  std::map<Key, std::map<std::string, Opened>> contents;
  std::multiset<Key> certificates;
};

std::optional<int> number(const Value& value) {
  const auto* found = value.integer();
  return found == nullptr ? std::nullopt : std::optional(static_cast<int>(*found));
}

class DemoTest : public testing::Test {
 protected:
  static DemoReport run(const DemoOptions& options) {
    const auto log = make_line_log(LogLevel::error, LogFormat::text);
    return must(
        run_demo(options, *log, {.step = [](const std::string&) {}, .progress = [](const ProgressCount&) {}, .progress_end = [](const ProgressCount&) {}}));
  }

  DemoOptions options(const char* name, std::uint64_t seed) { return {.file = folder_.file(name), .learners = kLearners, .events = 60, .seed = seed}; }

  static std::vector<json> records(const DemoOptions& options, const std::string& topic) {
    const auto topics = make_embedded_topic_admin(must(EmbeddedDatabase::open(options.file)));
    std::vector<json> bodies;
    for (const Record& record : must(topics->read({topic, 0}, {0}, 1'000'000))) bodies.push_back(json::parse(*record.value));
    return bodies;
  }

  static Key key_in(const json& edata, const char* user = "userId") { return {edata.at(user).get<std::string>(), edata.at("courseId").get<std::string>()}; }

  static World found(const DemoOptions& options) {
    World world;
    const auto tables = make_embedded_table_store(must(EmbeddedDatabase::open(options.file)));
    const auto read = [&](const char* table, std::vector<std::string> columns) {
      const RowsQuery all{{"sunbird_courses", table}, std::move(columns), {}};
      return must(std::move(tables->read(std::span(&all, 1)).front()));
    };
    const Rows enrolments = read("user_enrolments", {"userid", "courseid", "status"});
    for (std::size_t i = 0; i < enrolments.size(); ++i) {
      world.enrolments[{*enrolments[i]["userid"].text(), *enrolments[i]["courseid"].text()}] = number(enrolments[i]["status"]).value_or(0);
    }
    const Rows contents = read("user_content_consumption", {"userid", "courseid", "contentid", "status", "completedcount"});
    for (std::size_t i = 0; i < contents.size(); ++i) {
      world.contents[{*contents[i]["userid"].text(), *contents[i]["courseid"].text()}][*contents[i]["contentid"].text()] = {
          number(contents[i]["status"]).value_or(0), number(contents[i]["completedcount"])};
    }
    for (const json& request : records(options, "local.issue.certificate.request")) {
      const auto& edata = request.at("edata");
      for (const json& user : edata.at("userIds")) world.certificates.insert({user.get<std::string>(), edata.at("courseId").get<std::string>()});
    }
    return world;
  }

  /// From the school and the messages that nobody but the demo has put on the topics.
  static World expected(const DemoOptions& options, const School& school) {
    World world;
    std::map<std::string, std::set<std::string>> required;
    for (const Course& course : school.courses) {
      for (const Content& content : course.contents) {
        if (!content.optional) required[course.id].insert(content.id);
      }
    }
    for (const Enrolment& enrolment : school.enrolments) {
      const Key key{enrolment.user_id, school.courses[enrolment.course].id};
      world.enrolments[key] = 0;
      for (const auto& [content, status] : enrolment.contents) world.contents[key][content] = {status, std::nullopt};
    }
    const auto compute = [&](const Key& key) {
      if (!world.contents.contains(key) || world.enrolments.at(key) == kFinished) return;
      const auto& contents = world.contents.at(key);
      const bool all = std::ranges::all_of(required.at(key.second), [&](const std::string& id) {
        const auto opened = contents.find(id);
        return opened != contents.end() && opened->second.status == kFinished;
      });
      world.enrolments.at(key) = all ? kFinished : 1;
      if (all) world.certificates.insert(key);
    };
    for (const json& message : records(options, "local.coursebatch.job.request")) {
      const json& edata = message.at("edata");
      if (edata.at("action") != "batch-enrolment-update") continue;
      for (const json& content : edata.at("contents")) {
        if (content.at("status") == kFinished) world.contents.at(key_in(edata)).at(content.at("contentId")).completions = 1;
      }
      compute(key_in(edata));
    }
    std::set<Key> anew;
    for (const auto& [from, to] : school.merges) {
      for (const Course& course : school.courses) {
        if (const auto old = world.contents.find({from, course.id}); old != world.contents.end()) {
          for (const auto& [id, opened] : std::map(old->second)) {
            EXPECT_FALSE(world.contents[Key(to, course.id)].contains(id)) << "opened by both accounts, which this model does not know";
            world.contents[{to, course.id}][id] = opened;
          }
        }
        if (const auto old = world.enrolments.find({from, course.id}); old != world.enrolments.end())
          world.enrolments.try_emplace({to, course.id}, old->second);
        if (world.enrolments.contains({to, course.id})) anew.insert({to, course.id});
      }
    }
    const auto requests = records(options, "local.batch.enrolment.sync.request");
    EXPECT_EQ(requests.size(), 1 + options.events + anew.size());
    for (std::size_t i = 0; i <= options.events; ++i) anew.insert(key_in(requests[i].at("edata")));
    for (const Key& key : anew) compute(key);
    return world;
  }

  TemporaryFolder folder_;
};

TEST_F(DemoTest, WhatIsThereInTheEndIsWhatTheSchoolSays) {
  for (const std::uint64_t seed : {std::uint64_t{1}, test_seed()}) {
    const auto asked = options(seed == 1 ? "one.sqlite" : "other.sqlite", seed);
    const DemoReport report = run(asked);
    const School school = make_school(seed, kLearners);
    const World is = found(asked);
    const World should = expected(asked, school);
    EXPECT_EQ(is.enrolments, should.enrolments);
    EXPECT_EQ(is.contents, should.contents);
    EXPECT_EQ(is.certificates, should.certificates);

    ASSERT_GT(school.merges.size(), 0U);
    std::map<std::string, std::string> owner;
    for (const auto& [from, to] : school.merges) owner[from] = to;
    std::map<std::string, CourseReport> courses;
    for (const auto& [key, status] : should.enrolments) {
      if (owner.contains(key.first)) continue;
      CourseReport& course = courses[key.second];
      ++course.enrolled;
      ++(status == 0 ? course.not_started : status == kFinished ? course.completed : course.in_progress);
    }
    std::set<Key> once;
    for (const auto& [user, course] : is.certificates) {
      ++courses[course].certificates;
      EXPECT_TRUE(once.insert({owner.contains(user) ? owner.at(user) : user, course}).second) << "a second certificate for one learner";
    }
    ASSERT_EQ(report.courses.size(), school.courses.size());
    for (std::size_t i = 0; i < school.courses.size(); ++i) {
      CourseReport& course = courses.at(school.courses[i].id);
      course.title = school.courses[i].title;
      EXPECT_EQ(report.courses[i], course) << course.title;
      EXPECT_EQ(course.completed, course.certificates);
    }
  }
}

TEST_F(DemoTest, EveryJobHasItsPart) {
  const auto asked = options("demo.sqlite", 1);
  const DemoReport report = run(asked);
  const School school = make_school(1, kLearners);
  std::vector<std::string> jobs;
  for (const JobReport& job : report.jobs) jobs.push_back(job.job);
  EXPECT_EQ(jobs, (std::vector<std::string>{"relation-cache-updater", "activity-aggregate-updater", "merge-user-courses", "enrolment-reconciliation"}));
  EXPECT_EQ(report.jobs[0].events, school.courses.size());
  EXPECT_EQ(report.jobs[2].events, school.merges.size());
  EXPECT_EQ(report.merged_accounts, school.merges.size());
  EXPECT_EQ(report.jobs[3].events, records(asked, "local.batch.enrolment.sync.request").size());

  // Learners who completed by their messages, and others only by a merge or a request.
  EXPECT_EQ(report.jobs[0].outcome.substr(0, report.jobs[0].outcome.find(',')), "5 courses published");
  EXPECT_EQ(report.jobs[1].outcome.find(" 0 of them completed"), std::string::npos) << report.jobs[1].outcome;
  EXPECT_FALSE(report.jobs[3].outcome.starts_with("0 ")) << report.jobs[3].outcome;
  bool completed_by_merge = false;
  for (const auto& [user, course] : found(asked).certificates) {
    for (const Merge& merge : school.merges) completed_by_merge = completed_by_merge || merge.to == user;
  }
  EXPECT_TRUE(completed_by_merge);
}

TEST_F(DemoTest, TheRelationCacheIsFilledFromTheHierarchies) {
  const auto asked = options("demo.sqlite", 1);
  run(asked);
  const auto cache = make_embedded_cache(must(EmbeddedDatabase::open(asked.file)));
  const CacheId id{"redis", 10};
  std::map<std::string, CacheKind> keys;
  for (const auto& [key, kind] : must(cache->keys(id))) keys.emplace(key, kind);
  std::size_t sets = 0;
  for (const Course& course : make_school(1, kLearners).courses) {
    for (const CacheWrite& set : relation_sets(course, id)) {
      ++sets;
      const CacheQuery query{.cache = id, .kind = CacheKind::set, .key = set.key};
      ASSERT_TRUE(keys.contains(set.key)) << set.key;
      EXPECT_EQ(must(std::move(cache->read(std::span(&query, 1)).front())).members, set.value.members) << set.key;
    }
  }
  EXPECT_EQ(keys.size(), sets);
}

TEST_F(DemoTest, TheSameSeedGivesTheSameNumbers) {
  const auto outcomes = [](const DemoReport& report) {
    std::vector<std::string> texts;
    for (const JobReport& job : report.jobs) texts.push_back(job.outcome);
    return texts;
  };
  const auto first = run(options("first.sqlite", 7));
  const auto second = run(options("second.sqlite", 7));
  const auto other = run(options("other.sqlite", 8));
  EXPECT_EQ(first.courses, second.courses);
  EXPECT_EQ(outcomes(first), outcomes(second));
  EXPECT_NE(first.courses, other.courses);
}

TEST_F(DemoTest, AFileThatIsThereIsLeftAlone) {
  const auto asked = options("taken.sqlite", 1);
  std::ofstream(asked.file) << "mine";
  const auto log = make_line_log(LogLevel::error, LogFormat::text);
  const auto refused = run_demo(asked, *log, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_option);
  EXPECT_EQ(std::filesystem::file_size(asked.file), 4U);
}

}  // namespace
}  // namespace lernd::demo
