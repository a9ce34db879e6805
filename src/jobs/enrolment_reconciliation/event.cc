#include "jobs/enrolment_reconciliation/event.h"

#include "jobs/job_request.h"

namespace lernd::enrolment_reconciliation {
namespace {

constexpr std::string_view kAction = "user-enrolment-sync";

}  // namespace

std::expected<SyncRequest, Skip> read(const Record& record) {
  const auto request = read_job_request(record);
  if (!request) return std::unexpected(request.error());
  const auto action = request->edata.find("action").value_or(JsonView()).text();
  if (!action || !equal_ignoring_case(*action, kAction)) return not_for_this_job("edata.action is not user-enrolment-sync");
  auto enrolment = course_progress::enrolment_in(request->edata);
  if (!enrolment) return std::unexpected(std::move(enrolment).error());
  SyncRequest sync;
  sync.enrolment = *std::move(enrolment);
  return sync;
}

}  // namespace lernd::enrolment_reconciliation
