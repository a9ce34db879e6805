#include "jobs/course_progress/collection_status.h"

#include <fmt/format.h>

#include "core/json.h"

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

}  // namespace lernd::course_progress
