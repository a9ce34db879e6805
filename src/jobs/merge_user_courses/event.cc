#include "jobs/merge_user_courses/event.h"

#include <string_view>

#include "core/json.h"

namespace lernd::merge_user_courses {
namespace {

std::unexpected<Skip> unreadable(std::string text) {
  return std::unexpected(Skip{.error = {Treatment::reject, ErrorCode::malformed_record, std::move(text)}, .dead_letter = true});
}

std::unexpected<Skip> not_for_us(std::string text) { return std::unexpected(Skip{.error = {Treatment::skip, ErrorCode::not_for_this_job, std::move(text)}}); }

std::expected<std::string, Skip> account_id(JsonView edata, std::string_view member) {
  const auto value = edata.find(member).value_or(JsonView());
  const auto text = value.text();
  if (value.is_null() || (text && text->empty())) return not_for_us(std::string("edata.").append(member) + " is missing or empty");
  if (!text) return unreadable(std::string("edata.").append(member) + " is not a string");
  return std::string(*text);
}

}  // namespace

std::expected<MergeRequest, Skip> read(const Record& record) {
  if (!record.value || record.value->empty()) return unreadable("the record has no value");
  const auto document = JsonDocument::parse(*record.value);
  if (!document) return unreadable(document.error().text);
  const JsonView root = document->root();
  if (!root.is_object()) return unreadable("the record is JSON, but not an object");
  const auto edata = root.find("edata");
  if (!edata || !edata->is_object()) return unreadable("edata is missing or not an object");

  MergeRequest request;
  for (const auto& [member, id] : {std::pair{"fromAccountId", &request.source_id}, {"toAccountId", &request.target_id}}) {
    auto found = account_id(*edata, member);
    if (!found) return std::unexpected(std::move(found).error());
    *id = *std::move(found);
  }
  if (request.source_id == request.target_id) return not_for_us("source and target are one account");
  request.mid = root.find("mid").value_or(JsonView()).text().value_or("");
  return request;
}

}  // namespace lernd::merge_user_courses
