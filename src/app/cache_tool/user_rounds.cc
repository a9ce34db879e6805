#include "app/cache_tool/user_rounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lernd::cache_tool {
namespace {

/// So many users, and more than half of those at hand, do not fail for their own sake.
constexpr std::size_t kFloodUsers = 10;
constexpr std::chrono::minutes kTellEvery{1};

/// A record must not hold its partition up for ever; here nobody waits.
RetryOptions patient(RetryOptions retry) {
  retry.budget = std::chrono::hours(24 * 365);
  return retry;
}

/// What a plan of the job writes; null when it writes nothing. It never writes more than the entry.
const CacheWrite* write_of(const Plan& plan) { return plan.stages.empty() ? nullptr : &std::get<CacheGroup>(plan.stages.front().front()).front(); }

}  // namespace

UserRounds::UserRounds(const World& world, Ports& ports, RunStatus& status)
    : world_(world),
      ports_(ports),
      status_(status),
      job_(world.setup.job->make(world.setup.values)),
      retry_(patient(worker_options(*world.setup.job, world.setup.values, true).retry)),
      away_pause_(breaker_options(world.setup.values).pause),
      http_(std::move(ports.http), breaker_options(world.setup.values), world.clock),
      asker_({*ports.tables, *ports.cache, http_, nullptr, world.clock}, std::chrono::milliseconds(0)) {}

Result<std::vector<Fate>> UserRounds::run(std::span<const std::string> users, const Use& use) {
  fates_.assign(users.size(), {});
  std::vector<Open> open;
  for (std::size_t i = 0; i < users.size(); ++i) open.push_back({.user = i});
  while (true) {
    auto troubles = round(users, std::move(open), use);
    if (!troubles) return std::unexpected(std::move(troubles).error());
    if (troubles->empty()) away_since_.reset();
    Next next = after(std::move(*troubles));
    if (next.open.empty()) return std::move(fates_);
    open = std::move(next.open);
    if (auto waited = wait(std::move(next)); !waited) return std::unexpected(std::move(waited).error());
  }
}

std::vector<user_cache_updater::UserAudited> UserRounds::events_of(std::span<const std::string> users, std::span<const Open> open) const {
  std::vector<user_cache_updater::UserAudited> events;
  // The breaker lets the first call through to see whether the service is back. One of a user who is the service's trouble would never find it there.
  if (ask_for_good_ && !good_.empty()) events.push_back(user_cache_updater::profile_changed(good_));
  for (const Open& one : open) events.push_back(user_cache_updater::profile_changed(users[one.user]));
  return events;
}

Result<std::vector<UserRounds::Trouble>> UserRounds::round(std::span<const std::string> users, std::vector<Open> open, const Use& use) {
  const auto events = events_of(users, open);
  std::vector<Decision> all;
  for (const auto& event : events) all.push_back({&event, {.now = world_.clock.now()}, {}});
  Facts facts;
  decide(*job_, all, asker_, facts);
  const auto decisions = std::span(all).last(open.size());
  good_is_well_ = all.size() > open.size() && std::holds_alternative<Plan>(all.front().outcome);

  std::vector<Trouble> troubles;
  std::vector<Found> found;
  std::vector<Open> owners;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (const Reject* reject = std::get_if<Reject>(&decisions[i].outcome)) {
      if (auto settled = settle(open[i], *reject, troubles); !settled) return std::unexpected(std::move(settled).error());
    } else if (const CacheWrite* write = write_of(std::get<Plan>(decisions[i].outcome))) {
      found.push_back({.user = open[i].user, .write = *write});
      owners.push_back(open[i]);
      good_ = users[open[i].user];
    } else {
      // Of an account that can be read something is always written.
      fates_[open[i].user] = {.kind = Fate::Kind::blocked};
    }
  }
  if (auto used = use_found(found, owners, use, troubles); !used) return std::unexpected(std::move(used).error());
  return troubles;
}

Result<void> UserRounds::use_found(const std::vector<Found>& found, std::vector<Open>& owners, const Use& use, std::vector<Trouble>& troubles) {
  if (found.empty()) return {};
  const auto results = use(found);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (results[i]) {
      fates_[found[i].user] = {.kind = Fate::Kind::done};
      continue;
    }
    const Error& error = results[i].error();
    if (error.treatment == Treatment::fatal) return std::unexpected(error);
    if (error.treatment == Treatment::retry) {
      troubles.push_back({.open = owners[i], .error = error, .away = true});
    } else {
      fail_user(found[i].user, error);
    }
  }
  return {};
}

Result<void> UserRounds::settle(Open open, const Reject& reject, std::vector<Trouble>& troubles) {
  const Error& error = reject.error;
  if (error.treatment == Treatment::fatal) return std::unexpected(error);
  if (reject.own_fault && error.code == ErrorCode::not_found) {
    fates_[open.user] = {.kind = Fate::Kind::unknown};
  } else if (reject.own_fault || error.treatment == Treatment::reject) {
    fail_user(open.user, error);
  } else {
    troubles.push_back({.open = open, .error = error});
  }
  return {};
}

void UserRounds::fail_user(std::size_t user, const Error& error) { fates_[user] = {.kind = Fate::Kind::failed, .code = error.code}; }

UserRounds::Next UserRounds::after(std::vector<Trouble> troubles) {
  Next next;
  ask_for_good_ = false;
  if (troubles.empty()) return next;
  const auto now = world_.clock.steady();
  // An error does not say whose it is; while the cache is away, it may be its.
  const auto cache = ports_.cache->ping();
  next.cache_away = !cache && cache.error().treatment == Treatment::retry;
  std::vector<Trouble> exhausted;
  for (Trouble& trouble : troubles) {
    if (next.cache_away || trouble.away || trouble.error.code == ErrorCode::service_away) {
      next.pause = std::max(next.pause, away_pause_);
      next.away = next.cache_away ? cache.error() : trouble.error;
      ask_for_good_ = ask_for_good_ || trouble.error.code == ErrorCode::service_away;
    } else if (trouble.open.retry.failed(retry_, now)) {
      next.pause = std::max(next.pause, trouble.open.retry.delay(retry_, world_.clock.random()[0]));
    } else {
      exhausted.push_back(std::move(trouble));
      continue;
    }
    next.open.push_back(trouble.open);
  }
  const bool flood = exhausted.size() >= kFloodUsers && exhausted.size() * 2 > fates_.size() && !good_is_well_;
  for (const Trouble& trouble : exhausted) {
    if (!flood) {
      fail_user(trouble.open.user, trouble.error);
      continue;
    }
    next.open.push_back(trouble.open);
    next.pause = retry_.delay_max;
    next.away = trouble.error;
    ask_for_good_ = true;
  }
  return next;
}

Result<void> UserRounds::wait(Next next) {
  while (true) {
    if (auto waited = wait_once(next); !waited || !next.cache_away) return waited;
    // No profile is read for a cache that takes nothing.
    const auto cache = ports_.cache->ping();
    if (cache || cache.error().treatment != Treatment::retry) return {};
    next.away = cache.error();
  }
}

Result<void> UserRounds::wait_once(const Next& next) {
  const auto now = world_.waiter.now();
  if (!next.away) {
    away_since_.reset();
  } else {
    const bool begins = !away_since_;
    if (begins) away_since_ = now;
    if (world_.wait_max.count() > 0 && now - *away_since_ >= world_.wait_max) {
      return fail(Treatment::retry, next.away->code, fmt::format("waited {} s in vain: {}", world_.wait_max.count(), next.away->text));
    }
    if (begins || now - told_ >= kTellEvery) {
      told_ = now;
      world_.warn("waiting: " + next.away->text);
    }
  }
  status_.set_wait(next.away ? "waiting for a service" : "trying again", now + next.pause);
  const bool came = world_.waiter.wait_until(now + next.pause, world_.stop);
  status_.end_wait();
  return came ? Result<void>() : fail(Treatment::retry, ErrorCode::internal, "stopped");
}

}  // namespace lernd::cache_tool
