#include "jobs/enrolment_reconciliation/event.h"

#include <algorithm>
#include <string_view>

#include "core/json.h"

namespace lernd::enrolment_reconciliation {
namespace {

constexpr std::string_view kAction = "user-enrolment-sync";

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\n\v\f\r") == std::string_view::npos; }

std::unexpected<Skip> malformed(std::string text) {
  return std::unexpected(Skip{.error = {Treatment::skip, ErrorCode::malformed_record, std::move(text)}, .dead_letter = true});
}

std::unexpected<Skip> not_for_us(std::string text) { return std::unexpected(Skip{.error = {Treatment::skip, ErrorCode::not_for_this_job, std::move(text)}}); }

}  // namespace

std::expected<SyncRequest, Skip> read(const Record& record) {
  if (!record.value || record.value->empty()) return malformed("the record has no value");
  const auto document = JsonDocument::parse(*record.value);
  if (!document) return malformed(document.error().text);
  if (!document->root().is_object()) return malformed("the record is JSON, but not an object");

  const auto edata = document->root().find("edata");
  if (!edata || !edata->is_object()) return not_for_us("edata is missing or not an object");
  const auto action = edata->find("action").value_or(JsonView()).text();
  if (!action || !equal_ignoring_case(*action, kAction)) return not_for_us("edata.action is not user-enrolment-sync");

  SyncRequest request;
  auto& enrolment = request.enrolment;
  for (const auto& [name, id] : {std::pair{"userId", &enrolment.user_id}, {"courseId", &enrolment.course_id}, {"batchId", &enrolment.batch_id}}) {
    const auto text = edata->find(name).value_or(JsonView()).text();
    if (!text || blank(*text)) return not_for_us(std::string("edata.") + name + " is missing, blank or not a string");
    *id = *text;
  }
  return request;
}

}  // namespace lernd::enrolment_reconciliation
