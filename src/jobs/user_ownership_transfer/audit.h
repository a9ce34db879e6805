#pragma once

#include <cstddef>
#include <string_view>

#include "core/plan.h"
#include "jobs/user_ownership_transfer/event.h"
#include "jobs/user_ownership_transfer/takeover.h"

namespace lernd::user_ownership_transfer {

/// The lines of the log that tell who asked for what and what came of it: ids only. Source: user-ownership-transfer.md section 8.
namespace remark {
inline constexpr const char* kEnded = "an ownership transfer ended";
inline constexpr const char* kChanged = "a course batch has another owner";
inline constexpr const char* kLeftOut = "a course batch was left out";
inline constexpr const char* kShort = "the search for course batches counts more than it lists";
}  // namespace remark

/// How an event ended.
struct Ending {
  std::string_view outcome;  ///< done, skipped, parked
  std::string_view reason;   ///< empty for none
  std::size_t created = 0;   ///< batches found
  std::size_t mentored = 0;
  const Takeover* takeover = nullptr;  ///< null when nothing was looked at
};

/// One line for each event that the transfer stands for. Of several, the first found and changed what there was, and the others found nothing.
void append_endings(Plan& plan, const Transfer& event, const Ending& ending);

/// One line for each batch that changes or is left out.
void append_batches(Plan& plan, const Transfer& event, const Takeover& takeover);

/// The line of a record that is no event.
Remark ending_of_record(const Skip& skip, const Origin& origin);

}  // namespace lernd::user_ownership_transfer
