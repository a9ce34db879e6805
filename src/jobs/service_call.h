#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ask.h"
#include "core/json.h"

namespace lernd {

/// Short names of the services that jobs call, for metrics and messages.
inline constexpr std::string_view kUserService = "userorg";
inline constexpr std::string_view kFrameworkService = "taxonomy";
inline constexpr std::string_view kCourseService = "lms";

/// How the user service tells, under `params.err`, that an account is blocked or deleted.
inline constexpr std::string_view kAccountBlocked = "UOS_USRRED0006";

/// Where a service is called: base and path with one slash between and none behind; `http://` in front of a base without a scheme.
std::string service_address(std::string base, std::string path);
/// The same with a slash behind: what an id is appended to.
std::string service_url(std::string base, std::string path);

/// An id as a part of a path. Everything but letters, digits and `-._~` is percent-encoded.
std::string url_encoded(std::string_view id);

/// False for an id that no service could be asked about: it is empty, longer than 1 KiB, or would mean another path.
bool can_be_asked_for(std::string_view id);

/// The envelope of the platform's answers. `result` is a part of `document`.
struct ServiceAnswer {
  JsonDocument document;
  std::string code;  ///< `responseCode` in capitals
  JsonView result;

  /// `params.err`; absent when it is no text.
  std::optional<std::string_view> reason() const;
};

/// Absent when the body is not JSON or has no response code. The HTTP status plays no part.
std::optional<ServiceAnswer> service_answer(const HttpAnswer& answer);
/// Whether it is absent: then it is the service that is at fault, not what it was asked.
bool is_unreadable(const HttpAnswer& answer);

}  // namespace lernd
