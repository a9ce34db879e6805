#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/facts.h"
#include "jobs/user_ownership_transfer/event.h"
#include "jobs/user_ownership_transfer/options.h"

namespace lernd::user_ownership_transfer {

/// Whether both users are who the event says they are, in its organisation.
struct UserCheck {
  std::size_t accounts_read = 0;  ///< answers with an account in them
  std::string_view refusal;       ///< why the event is not valid; empty when it is
  std::optional<Error> error;     ///< it cannot be told
};

/// Asks for one user after the other, the new owner only when the old one passes. What is missing is put into `ask`; the rest of the result then is as far as
/// it is known.
///
/// Errors     those of `account_read`.
/// Reference  user-ownership-transfer, UserOwnershipTransferFunction.
/// Difference user-ownership-transfer.md section 10.1, by option: a deleted account is looked up in the table of users.
UserCheck check_users(const Transfer& event, const Facts& facts, const Options& options, Ask& ask);

}  // namespace lernd::user_ownership_transfer
