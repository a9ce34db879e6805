#include "jobs/account_read.h"

#include <fmt/format.h>

#include <utility>

#include "jobs/job_request.h"
#include "jobs/option_rows.h"
#include "jobs/service_call.h"

namespace lernd {
namespace {

constexpr int kOk = 200;
constexpr int kRedirect = 300;
constexpr int kBadRequest = 400;
constexpr int kServerError = 500;

bool tells_of_block(const HttpAnswer& answer) {
  const auto envelope = service_answer(answer);
  const auto reason = envelope ? envelope->reason() : std::nullopt;
  return reason && equal_ignoring_case(*reason, kAccountBlocked);
}

void take_account(const HttpAnswer& answer, AccountRead& read) {
  auto document = JsonDocument::parse(answer.body);
  if (!document || !document->root().is_object()) {
    read.error = {Treatment::retry, ErrorCode::bad_answer,
                  "the user service answers with status 200 and something that is no answer of the platform; check service.userorg.basePath and user_read_api"};
    return;
  }
  read.outcome = AccountRead::Outcome::found;
  read.document = *std::move(document);
  read.account = read.document->root().find("result").value_or(JsonView()).find("response").value_or(JsonView());
}

bool equals(JsonView account, std::string_view member, std::string_view expected) {
  const auto text = account.find(member).value_or(JsonView()).text();
  return text && !text->empty() && equal_ignoring_case(*text, expected);
}

}  // namespace

std::vector<Option> account_read_options() {
  return {
      service_base_option(std::string(kUserServiceBase), "Base URL of the user service, to be set."),
      service_path_option("user_read_api", "/private/user/v1/read/", "Path of its account read, behind `service.userorg.basePath`; the user's id is appended."),
  };
}

std::string account_url(const OptionValues& values) { return service_url(values.text(kUserServiceBase), values.text("user_read_api")); }

HttpQuery account_query(const std::string& url, std::string_view user_id) {
  return {.service = std::string(kUserService),
          .method = "GET",
          .url = url + url_encoded(user_id) + "?identifier,rootOrgId",
          .headers = {{"Content-Type", "application/json"}},
          .body = {},
          .failure = [](const HttpAnswer& answer) { return answer.status == kOk && is_unreadable(answer); }};
}

bool AccountRead::is_of(std::string_view user_id, std::string_view organisation) const {
  return equals(account, "identifier", user_id) && equals(account, "rootOrgId", organisation);
}

AccountRead account_read(const HttpAnswer& answer) {
  AccountRead read;
  read.status = answer.status;
  if (answer.status == kOk) {
    take_account(answer, read);
  } else if (answer.status >= kRedirect && answer.status < kServerError) {
    read.outcome = AccountRead::Outcome::refused;
    read.blocked = answer.status == kBadRequest && tells_of_block(answer);
  } else {
    read.error = {Treatment::retry, ErrorCode::bad_answer, fmt::format("the user service answers with status {}", answer.status)};
  }
  return read;
}

}  // namespace lernd
