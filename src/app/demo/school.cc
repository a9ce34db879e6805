#include "app/demo/school.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "core/json.h"

namespace lernd::demo {
namespace {

constexpr const char* kSampleUser = "fbe926ac-a395-40e4-a65b-9b4f711d7642";
constexpr const char* kSampleCourse = "do_21310287978188800014457";
constexpr const char* kSampleBatch = "0131029098223779842";
constexpr const char* kCollection = "application/vnd.ekstep.content-collection";
/// One learner in so many has two accounts.
constexpr std::size_t kSecondAccountEvery = 20;
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

void append_content(JsonWriter& json, const Content& content) {
  json.open_object().name("identifier").text(content.id).name("mimeType").text("video/mp4").name("visibility").text("Default");
  if (content.optional) json.name("relationalMetadata").open_object().name("optional").boolean(true).close_object();
  json.close_object();
}

void open_collection(JsonWriter& json, std::string_view id, std::string_view name, std::string_view visibility) {
  json.open_object().name("identifier").text(id).name("name").text(name).name("mimeType").text(kCollection).name("visibility").text(visibility);
  json.name("children").open_array();
}

/// The tree of a course as the content service stores it.
std::string hierarchy(const Course& course) {
  std::string text;
  JsonWriter json(text);
  open_collection(json, course.id, course.title, "Default");
  for (std::size_t unit = 0; unit < course.units.size(); ++unit) {
    open_collection(json, course.units[unit], fmt::format("Unit {}", unit + 1), "Parent");
    for (const Content& content : course.contents) {
      if (content.unit_id == course.units[unit]) append_content(json, content);
    }
    json.close_array().close_object();
  }
  json.close_array().close_object();
  return text;
}

/// The learner went on with another account: every second content of the enrolment was opened there.
Enrolment second_half(Enrolment& enrolment, std::string user) {
  Enrolment rest{.user_id = std::move(user), .course = enrolment.course, .contents = {}};
  const auto opened = std::exchange(enrolment.contents, {});
  for (std::size_t i = 0; i < opened.size(); ++i) (i % 2 == 0 ? enrolment : rest).contents.push_back(opened[i]);
  return rest;
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
    if (learner % kSecondAccountEvery != kSecondAccountEvery / 2) continue;
    school.merges.push_back({.from = user, .to = user_id(learner, random)});
    school.enrolments.push_back(second_half(school.enrolments[school.enrolments.size() - count], school.merges.back().to));
  }
  return school;
}

std::vector<RowWrite> hierarchy_rows(const School& school, const TableName& table) {
  std::vector<RowWrite> rows;
  for (const Course& course : school.courses) {
    rows.push_back({.kind = RowWrite::Kind::insert, .table = table, .key = {{"identifier", course.id}}, .set = {{"hierarchy", hierarchy(course)}}});
  }
  return rows;
}

std::vector<RowWrite> consumption_rows(const School& school, const TableName& table) {
  std::vector<RowWrite> rows;
  for (const Enrolment& enrolment : school.enrolments) {
    for (const auto& [content, status] : enrolment.contents) {
      RowWrite row{.kind = RowWrite::Kind::insert, .table = table, .key = key_of(school, enrolment)};
      row.key.push_back({"contentid", content});
      row.set = {{"status", status}};
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

}  // namespace lernd::demo
