#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/cache_tool/run_status.h"
#include "app/cache_tool/world.h"
#include "core/error.h"
#include "core/plan.h"
#include "jobs/user_cache_updater/event.h"
#include "runtime/asker.h"
#include "runtime/circuit_breaker.h"
#include "runtime/retry.h"
#include "runtime/rounds.h"

namespace lernd::cache_tool {

/// What became of a user.
struct Fate {
  enum class Kind : std::uint8_t {
    done,
    unknown,  ///< to the user service
    blocked,  ///< or deleted: there is no profile to be read
    failed,   ///< `code` says why
  };
  Kind kind = Kind::failed;
  ErrorCode code = ErrorCode::internal;
};

/// What the job would write for a user.
struct Found {
  std::size_t user = 0;  ///< position among those asked for
  CacheWrite write;
};

/// Takes users through the rules of user-cache-updater as an event would that makes the job read the profile, and hands on what the job would write.
///
/// A user whom the service does not know, or does not let read, is settled at once; what fails for a fault that may pass is tried again from the reading of the
/// profile on, so often and after such pauses as `lernd.retry` says, however long that takes. While a service or the cache is away, no attempt counts; whether
/// a service is away, or fails for some users only, shows when somebody is asked about for whom it worked. Most of the users at hand are given up only when
/// that somebody is well; as long as there is none, they are tried again.
///
/// Source  user-cache-updater.md sections 4 to 6 and 10.
class UserRounds {
 public:
  /// Does something with what was found. Gives a result for each: `retry` takes the user through the rules once more.
  using Use = std::function<std::vector<Result<void>>(std::span<const Found> found)>;

  /// `world`, `ports` and `status` outlive it; `ports` gives its HTTP client away.
  UserRounds(const World& world, Ports& ports, RunStatus& status);

  /// The fate of every user, once all are settled.
  /// Errors  `fatal` for what no waiting mends; `retry` when the stop came first, or a service was away for too long.
  Result<std::vector<Fate>> run(std::span<const std::string> users, const Use& use);

 private:
  struct Open {
    std::size_t user = 0;
    RetryState retry = {};
  };
  struct Trouble {
    Open open;
    Error error;
    bool away = false;  ///< it was the cache that failed: no attempt of the user
  };
  /// What is left to do, and after which pause.
  struct Next {
    std::vector<Open> open = {};
    std::chrono::milliseconds pause{0};
    std::optional<Error> away = {};  ///< why no attempt counted
    bool cache_away = false;
  };

  /// The events of these users, behind that of one for whom the service worked, if that is to be asked.
  std::vector<user_cache_updater::UserAudited> events_of(std::span<const std::string> users, std::span<const Open> open) const;
  Result<std::vector<Trouble>> round(std::span<const std::string> users, std::vector<Open> open, const Use& use);
  Result<void> use_found(const std::vector<Found>& found, std::vector<Open>& owners, const Use& use, std::vector<Trouble>& troubles);
  Result<void> settle(Open open, const Reject& reject, std::vector<Trouble>& troubles);
  void fail_user(std::size_t user, const Error& error);
  Next after(std::vector<Trouble> troubles);
  Result<void> wait(Next next);
  Result<void> wait_once(const Next& next);

  const World& world_;
  Ports& ports_;
  RunStatus& status_;
  const std::unique_ptr<Job> job_;
  const RetryOptions retry_;
  const std::chrono::milliseconds away_pause_;
  CircuitBreaker http_;
  Asker asker_;
  std::vector<Fate> fates_;
  std::string good_;           ///< a user for whom the service worked; empty as long as there is none
  bool ask_for_good_ = false;  ///< in the next round, as a service is held to be away
  bool good_is_well_ = false;  ///< it was asked about in the round before, and the service worked again
  std::optional<bulk::Time> away_since_;
  bulk::Time told_{};  ///< when a service that is away was last told of
};

}  // namespace lernd::cache_tool
