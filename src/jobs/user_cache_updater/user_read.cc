#include "jobs/user_cache_updater/user_read.h"

#include <algorithm>
#include <utility>

#include "jobs/job_request.h"

namespace lernd::user_cache_updater {
namespace {

UserRead& failed(UserRead& read, Treatment treatment, ErrorCode code, const char* text, bool own_fault) {
  read.outcome = UserRead::Outcome::failed;
  read.error = {treatment, code, text};
  read.own_fault = own_fault;
  return read;
}

bool may_tell_of_block(std::string_view code, const Options& options) {
  return std::ranges::any_of(options.blocked_codes, [&](const std::string& known) { return equal_ignoring_case(known, code); });
}

UserRead& read_ok(UserRead& read) {
  read.profile = read.envelope->result.find("response").value_or(JsonView());
  if (read.profile.is_object()) {
    read.outcome = UserRead::Outcome::found;
    return read;
  }
  return failed(read, Treatment::retry, ErrorCode::bad_answer, "the user service answers OK, but without a profile", true);
}

}  // namespace

HttpQuery profile_query(const Options& options, std::string_view user_id) {
  return {.service = std::string(kUserService),
          .method = "GET",
          .url = options.user_url + url_encoded(user_id) + "?fields=" + options.read_fields,
          .failure = is_unreadable};
}

UserRead user_read(const HttpAnswer& answer, const Options& options) {
  UserRead read;
  read.envelope = service_answer(answer);
  if (!read.envelope) {
    return std::move(failed(read, Treatment::retry, ErrorCode::bad_answer,
                            "the user service answers with something that is no answer of the platform; check the options that say where it is", false));
  }
  read.readable = true;
  const std::string& code = read.envelope->code;
  if (code == "OK") return std::move(read_ok(read));
  if (may_tell_of_block(code, options)) {
    const auto reason = read.envelope->reason();
    read.readable = reason.has_value();
    if (reason && equal_ignoring_case(*reason, kAccountBlocked)) {
      read.outcome = UserRead::Outcome::blocked;
      return read;
    }
  }
  if (code == "CLIENT_ERROR") {
    return std::move(failed(read, Treatment::reject, ErrorCode::bad_answer, "the user service refuses to read this user", true));
  }
  if (code == "RESOURCE_NOT_FOUND") {
    return std::move(failed(read, Treatment::retry, ErrorCode::not_found, "the user service does not know this user", true));
  }
  return std::move(failed(read, Treatment::retry, ErrorCode::bad_answer, "the user service answers with an error", false));
}

}  // namespace lernd::user_cache_updater
