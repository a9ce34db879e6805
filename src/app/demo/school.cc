#include "app/demo/school.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "core/json.h"

namespace lernd::demo {
namespace {

constexpr const char* kSampleUser = "fbe926ac-a395-40e4-a65b-9b4f711d7642";
constexpr const char* kSampleCourse = "do_21310287978188800014457";
constexpr const char* kSampleBatch = "0131029098223779842";
constexpr const char* kTitles[] = {"Reading for Beginners", "Numbers and Shapes", "Our Rivers", "Safe on the Internet", "Teaching Mixed Classes"};

Course make_course(std::size_t index, std::mt19937_64& random) {
  Course course{.id = index == 0 ? kSampleCourse : fmt::format("do_2139000000000{:04}00", index),
                .batch_id = index == 0 ? kSampleBatch : fmt::format("013900000000{:04}", index),
                .title = kTitles[index]};
  const std::size_t units = 3 + index % 3;
  for (std::size_t unit = 0; unit < units; ++unit) {
    course.units.push_back(fmt::format("do_2139000000000{:04}1{}", index, unit));
    const std::size_t contents = 3 + random() % 4;
    for (std::size_t content = 0; content < contents; ++content) {
      course.contents.push_back({.id = fmt::format("do_2139000000000{:04}2{}{}", index, unit, content),
                                 .unit_id = course.units.back(),
                                 .optional = content + 1 == contents && random() % 2 == 0});
    }
  }
  return course;
}

std::string user_id(std::size_t learner, std::mt19937_64& random) {
  if (learner == 0) return kSampleUser;
  const auto high = random();
  const auto low = random();
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xfff, low >> 52, low & 0xffffffffffffULL);
}

/// A third of the enrolments is finished, a third in the middle, the rest hardly begun.
std::vector<std::pair<std::string, int>> progress(const Course& course, std::mt19937_64& random) {
  const std::uint64_t diligence = random() % 3;
  std::vector<std::pair<std::string, int>> contents;
  for (const Content& content : course.contents) {
    if (diligence == 2) {
      if (!content.optional || random() % 2 == 0) contents.emplace_back(content.id, 2);
    } else if (random() % 4 <= diligence) {
      contents.emplace_back(content.id, random() % 3 == 0 ? 1 : 2);
    }
  }
  return contents;
}

std::vector<Cell> key_of(const School& school, const Enrolment& enrolment) {
  const Course& course = school.courses[enrolment.course];
  return {{"userid", enrolment.user_id}, {"courseid", course.id}, {"batchid", course.batch_id}};
}

void put_set(CacheGroup& group, const CacheId& cache, std::string key, std::vector<std::string> members) {
  std::ranges::sort(members);
  group.push_back({.kind = members.empty() ? CacheWrite::Kind::erase : CacheWrite::Kind::put_set,
                   .cache = cache,
                   .key = std::move(key),
                   .value = {.members = std::move(members)}});
}

std::string sync_request(const School& school, const Enrolment& enrolment, std::size_t number) {
  constexpr std::int64_t kSampleTime = 1683556693275;
  const Course& course = school.courses[enrolment.course];
  const auto time = kSampleTime + static_cast<std::int64_t>(number);
  std::string body;
  JsonWriter json(body);
  json.open_object().name("eid").text("BE_JOB_REQUEST").name("ets").integer(time);
  json.name("mid").text(fmt::format("LP.{}.00000000-0000-4000-8000-{:012x}", time, number));
  json.name("actor").open_object().name("id").text("Course Batch Updater").name("type").text("System").close_object();
  json.name("context").open_object().name("pdata").open_object().name("ver").text("1.0").name("id").text("org.sunbird.platform").close_object().close_object();
  json.name("object").open_object().name("id").text(course.batch_id + "_" + enrolment.user_id).name("type").text("CourseBatchEnrolment").close_object();
  json.name("edata").open_object().name("action").text("user-enrolment-sync").name("iteration").integer(1);
  json.name("batchId").text(course.batch_id).name("userId").text(enrolment.user_id).name("courseId").text(course.id).close_object();
  json.close_object();
  return body;
}

}  // namespace

School make_school(std::uint64_t seed, std::size_t learners) {
  std::mt19937_64 random(seed);
  School school{.learners = learners};
  for (std::size_t index = 0; index < std::size(kTitles); ++index) school.courses.push_back(make_course(index, random));
  for (std::size_t learner = 0; learner < learners; ++learner) {
    const std::string user = user_id(learner, random);
    const std::size_t first = learner % school.courses.size();
    const std::size_t count = 2 + random() % 2;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t course = (first + i) % school.courses.size();
      school.enrolments.push_back({user, course, progress(school.courses[course], random)});
    }
  }
  return school;
}

CacheGroup relation_sets(const Course& course, const CacheId& cache) {
  CacheGroup group;
  std::vector<std::string> leaf;
  std::vector<std::string> optional;
  for (const Content& content : course.contents) {
    leaf.push_back(content.id);
    if (content.optional) optional.push_back(content.id);
    put_set(group, cache, fmt::format("{}:{}:ancestors", course.id, content.id), {content.unit_id, course.id});
  }
  put_set(group, cache, fmt::format("{}:{}:leafnodes", course.id, course.id), leaf);
  put_set(group, cache, fmt::format("{}:{}:optionalnodes", course.id, course.id), optional);
  for (const std::string& unit : course.units) {
    std::vector<std::string> unit_leaf;
    std::vector<std::string> unit_optional;
    for (const Content& content : course.contents) {
      if (content.unit_id != unit) continue;
      unit_leaf.push_back(content.id);
      if (content.optional) unit_optional.push_back(content.id);
    }
    put_set(group, cache, fmt::format("{}:{}:leafnodes", course.id, unit), unit_leaf);
    put_set(group, cache, fmt::format("{}:{}:optionalnodes", course.id, unit), unit_optional);
  }
  return group;
}

std::vector<RowWrite> consumption_rows(const School& school, const TableName& table) {
  std::vector<RowWrite> rows;
  for (const Enrolment& enrolment : school.enrolments) {
    for (const auto& [content, status] : enrolment.contents) {
      RowWrite row{.kind = RowWrite::Kind::insert, .table = table, .key = key_of(school, enrolment)};
      row.key.push_back({"contentid", content});
      row.set = {{"status", status}, {"viewcount", 1}, {"completedcount", status == 2 ? 1 : 0}};
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<RowWrite> enrolment_rows(const School& school, const TableName& table) {
  std::vector<RowWrite> rows;
  for (const Enrolment& enrolment : school.enrolments) {
    rows.push_back({.kind = RowWrite::Kind::insert, .table = table, .key = key_of(school, enrolment), .set = {{"status", 0}, {"active", true}}});
  }
  return rows;
}

std::vector<std::string> sync_requests(const School& school, std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> requests{sync_request(school, school.enrolments.front(), 0)};
  for (std::size_t i = 1; i <= count; ++i) requests.push_back(sync_request(school, school.enrolments[random() % school.enrolments.size()], i));
  return requests;
}

}  // namespace lernd::demo
