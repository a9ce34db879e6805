#include "jobs/activity_aggregate_updater/event.h"

#include "jobs/course_progress/progress.h"
#include "jobs/job_request.h"

namespace lernd::activity_aggregate_updater {
namespace {

constexpr std::string_view kAction = "batch-enrolment-update";

/// The contents whose status is the number 2, however it is written.
std::vector<std::string> finished_in(JsonView contents) {
  std::vector<std::string> finished;
  for (const JsonView entry : contents.items()) {
    const auto id = id_in(entry, "contentId");
    if (id && entry.find("status").value_or(JsonView()).number() == course_progress::kCompleted) finished.emplace_back(*id);
  }
  return finished;
}

}  // namespace

std::expected<ContentsFinished, Skip> read(const Record& record) {
  const auto request = read_job_request(record);
  if (!request) return std::unexpected(request.error());
  const auto action = request->edata.find("action").value_or(JsonView()).text();
  if (!action || !equal_ignoring_case(*action, kAction)) return not_for_this_job("edata.action is not batch-enrolment-update");
  auto enrolment = course_progress::enrolment_in(request->edata);
  if (!enrolment) return std::unexpected(std::move(enrolment).error());
  ContentsFinished event;
  event.enrolment = *std::move(enrolment);
  event.contents = finished_in(request->edata.find("contents").value_or(JsonView()));
  if (event.contents.empty()) return not_for_this_job("edata.contents has no content with the status 2");
  return event;
}

}  // namespace lernd::activity_aggregate_updater
