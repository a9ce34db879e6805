#include "jobs/course_progress/collection_status.h"

#include <fmt/format.h>

#include "core/json.h"
#include "jobs/course_progress/counters.h"

namespace lernd::course_progress {
namespace {

bool has_status(const HttpAnswer& answer) {
  const auto status = collection_status(answer);
  return status && !status->empty();
}

}  // namespace

HttpQuery status_query(const std::string& search_url, std::string_view collection_id, std::chrono::seconds remember) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("request").open_object();
  json.name("filters").open_object().name("objectType").text("Collection").name("identifier").text(collection_id);
  json.name("status").open_array().text("Live").text("Unlisted").text("Retired").close_array().close_object();
  json.name("fields").open_array().text("status").close_array().close_object().close_object();
  return {.service = "search",
          .method = "POST",
          .url = search_url,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body),
          .remember = remember,
          .worth_keeping = has_status};
}

Result<std::string> collection_status(const HttpAnswer& answer) {
  if (answer.status != 200) {
    return fail(Treatment::retry, ErrorCode::bad_answer,
                fmt::format("the search service answered {} instead of 200; check service.search.basePath", answer.status));
  }
  const auto document = JsonDocument::parse(answer.body);
  if (!document || !document->root().is_object()) {
    return fail(Treatment::retry, ErrorCode::bad_answer,
                "the search service answered 200 with a body that is not a JSON object; check service.search.basePath");
  }
  const JsonView result = document->root().find("result").value_or(JsonView());
  if (result.find("count").value_or(JsonView()).number().value_or(0) <= 0) return std::string();
  const auto content = result.find("content").value_or(JsonView()).items();
  if (content.empty()) return std::string();
  return std::string(content.front().find("status").value_or(JsonView()).text().value_or(""));
}

std::optional<Step> without_leaf_set(std::string_view course_id, const Options& options, const Facts& facts, Counts& counts) {
  Ask ask;
  const HttpAnswer* answer = facts.http(status_query(options.search_url, course_id, options.status_remembered), ask);
  if (answer == nullptr) return ask;
  const auto status = collection_status(*answer);
  if (!status) return Reject{status.error(), counts};
  if (*status != "Retired") {
    return Reject{{Treatment::reject, ErrorCode::unpublished_course,
                   "the course has no leaf set in the relation cache and is not Retired; publish it again so that relation-cache-updater fills the set"},
                  counts};
  }
  counts.add(counter::kRetired);
  return std::nullopt;
}

}  // namespace lernd::course_progress
