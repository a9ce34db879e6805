#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "core/json.h"
#include "core/options.h"

namespace lernd {

/// Where accounts are read: the option of the user service's base URL, the rows of the option table, and what the id is appended to.
inline constexpr std::string_view kUserServiceBase = "service.userorg.basePath";
std::vector<Option> account_read_options();
std::string account_url(const OptionValues& values);

/// The question whose account an id is and of which organisation. `url` is what the id is appended to.
HttpQuery account_query(const std::string& url, std::string_view user_id);

/// What the private read of the user service says of an account. Source: user-ownership-transfer.md section 4.
struct AccountRead {
  enum class Outcome {
    found,
    refused,  ///< the service's last word: it knows no such account, or does not show it
    failed,
  };
  Outcome outcome = Outcome::failed;
  int status = 0;
  bool blocked = false;                  ///< refused because the account is blocked or deleted
  std::optional<JsonDocument> document;  ///< holds the account
  JsonView account;                      ///< when found; null where the answer has none
  Error error;                           ///< when failed

  /// The account found is that of this user, and of this organisation. Letters are compared without regard to case; what is missing is equal to nothing.
  bool is_of(std::string_view user_id, std::string_view organisation) const;
};

/// Errors     `retry`/`bad_answer` for a status from 500 on, and for a body that cannot be read where the status is 200.
/// Reference  user-ownership-transfer, UserOwnershipTransferFunction; user-deletion-cleanup, UserDeletionCleanupFunction.processElement.
/// Difference a service that fails is an error there too, or drops the event.
AccountRead account_read(const HttpAnswer& answer);

}  // namespace lernd
