#include "app/demo/look.h"

#include <map>
#include <set>

#include "app/services.h"
#include "core/json.h"

namespace lernd::demo {
namespace {

constexpr std::size_t kRequestsMax = 1'000'000;

/// The course a certificate request names.
std::string course_of(const Record& request) {
  const auto document = JsonDocument::parse(request.value.value_or(""));
  if (!document) return "";
  return std::string(document->root().find("edata").value_or(JsonView()).find("courseId").value_or(JsonView()).text().value_or(""));
}

std::size_t& count_of(CourseReport& course, const Value& status) {
  const std::int64_t* number = status.integer();
  if (number == nullptr || *number == 0) return course.not_started;
  return *number == 2 ? course.completed : course.in_progress;
}

}  // namespace

Result<std::vector<CourseReport>> look_at_courses(const School& school, const JobSetup& setup, Log& log) {
  const auto services = make_services(*setup.job, setup.values, log);
  auto tables = services->open_tables();
  if (!tables) return std::unexpected(tables.error());
  auto topics = services->open_topics();
  if (!topics) return std::unexpected(topics.error());
  const RowsQuery all{
      {setup.values.text("lms-cassandra.keyspace"), setup.values.text("lms-cassandra.user_enrolments.table")}, {"userid", "courseid", "status"}, {}};
  const auto rows = std::move((*tables)->read(std::span(&all, 1)).front());
  if (!rows) return std::unexpected(rows.error());
  const auto requests = (*topics)->read({setup.values.text("kafka.output.certissue.topic"), 0}, {0}, kRequestsMax);
  if (!requests) return std::unexpected(requests.error());

  std::vector<CourseReport> courses;
  std::map<std::string, std::size_t> place;
  for (const Course& course : school.courses) {
    place[course.id] = courses.size();
    courses.push_back({.title = course.title});
  }
  std::set<std::string> merged;
  for (const Merge& merge : school.merges) merged.insert(merge.from);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto row = (*rows)[i];
    if (merged.contains(*row["userid"].text())) continue;
    CourseReport& course = courses[place.at(*row["courseid"].text())];
    ++course.enrolled;
    ++count_of(course, row["status"]);
  }
  for (const Record& request : *requests) ++courses[place.at(course_of(request))].certificates;
  return courses;
}

}  // namespace lernd::demo
