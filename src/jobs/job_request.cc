#include "jobs/job_request.h"

#include <algorithm>

namespace lernd {
namespace {

std::unexpected<Skip> malformed(std::string text) {
  return std::unexpected(Skip{.error = {Treatment::skip, ErrorCode::malformed_record, std::move(text)}, .dead_letter = true});
}

}  // namespace

std::expected<JsonDocument, Skip> read_json_object(const Record& record, Result<JsonDocument> (*parse)(std::string_view)) {
  if (!record.value || record.value->empty()) return malformed("the record has no value");
  auto document = parse(*record.value);
  if (!document) return malformed(document.error().text);
  if (!document->root().is_object()) return malformed("the record is JSON, but not an object");
  return *std::move(document);
}

std::expected<JobRequest, Skip> read_job_request(const Record& record) {
  auto document = read_json_object(record);
  if (!document) return std::unexpected(std::move(document).error());
  const auto edata = document->root().find("edata");
  if (!edata || !edata->is_object()) return not_for_this_job("edata is missing or not an object");
  return JobRequest{*std::move(document), *edata};
}

std::unexpected<Skip> not_for_this_job(std::string text) {
  return std::unexpected(Skip{.error = {Treatment::skip, ErrorCode::not_for_this_job, std::move(text)}});
}

std::optional<std::string_view> id_in(JsonView object, std::string_view member) {
  const auto text = object.find(member).value_or(JsonView()).text();
  return text && !is_blank(*text) ? text : std::nullopt;
}

std::optional<std::string> id_text(JsonView value) {
  if (const auto text = value.text()) return std::string(*text);
  if (value.number() || value.boolean()) return value.compact();
  return std::nullopt;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\n\v\f\r") == std::string_view::npos; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace lernd
