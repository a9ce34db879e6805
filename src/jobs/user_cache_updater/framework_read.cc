#include "jobs/user_cache_updater/framework_read.h"

#include "jobs/service_call.h"

namespace lernd::user_cache_updater {
namespace {

constexpr std::chrono::hours kRemembered{24};

bool names_some(const HttpAnswer& answer) {
  const auto codes = category_codes(answer);
  return codes && !codes->empty();
}

bool is_failure(const HttpAnswer& answer) { return !category_codes(answer); }

}  // namespace

HttpQuery categories_query(const Options& options, std::string_view framework_id) {
  return {.service = std::string(kFrameworkService),
          .method = "GET",
          .url = options.framework_url + url_encoded(framework_id),
          .headers = {},
          .body = {},
          .remember = kRemembered,
          .worth_keeping = names_some,
          .failure = is_failure};
}

Result<std::vector<std::string>> category_codes(const HttpAnswer& answer) {
  const auto envelope = service_answer(answer);
  if (!envelope) {
    return fail(Treatment::retry, ErrorCode::bad_answer,
                "the framework service answers with something that is no answer of the platform; check service.taxonomy.basePath and framework_read_api");
  }
  std::vector<std::string> codes;
  if (envelope->code == "RESOURCE_NOT_FOUND" || envelope->code == "CLIENT_ERROR") return codes;
  if (envelope->code != "OK") return fail(Treatment::retry, ErrorCode::bad_answer, "the framework service answers with an error");
  const JsonView framework = envelope->result.find("framework").value_or(JsonView());
  for (const JsonView category : framework.find("categories").value_or(JsonView()).items()) {
    const auto code = category.find("code").value_or(JsonView()).text().value_or("");
    if (!code.empty()) codes.emplace_back(code);
  }
  return codes;
}

}  // namespace lernd::user_cache_updater
