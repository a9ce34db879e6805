#include "adapters/embedded/membership.h"

#include <fmt/format.h>

#include <random>

#include "adapters/embedded/process_identity.h"
#include "adapters/embedded/wall_clock.h"

namespace lernd::embedded {
namespace {

/// The process, then what tells members of one process apart.
std::string member_name() {
  std::random_device random;
  return fmt::format("{}/{:08x}", own_process(), random());
}

}  // namespace

Membership::Membership(SqliteConnection& connection, std::string group, std::string topic)
    : connection_(connection), group_(std::move(group)), topic_(std::move(topic)), name_(member_name()) {}

Result<Membership::Standing> Membership::refresh(std::int32_t partitions) {
  Standing standing;
  const auto now = std::chrono::steady_clock::now();
  // While a transaction is open nobody can take a partition away, and what it holds must not be committed by a poll.
  const bool due = !joined_ || (now - renewed_ >= kRenewal && !connection_.in_transaction());
  if (due) {
    const auto evicted = renew();
    // A busy file keeps the others from evicting this member as well: it stays what it was and tries again at the next poll.
    const bool wait = !evicted && joined_ && evicted.error().treatment == Treatment::retry;
    if (!evicted && !wait) return std::unexpected(evicted.error());
    standing.evicted = evicted && *evicted && joined_;
    joined_ = true;
    renewed_ = now;
  }
  auto mine = owned(partitions);
  if (!mine) return std::unexpected(mine.error());
  standing.partitions = std::move(*mine);
  return standing;
}

Result<bool> Membership::renew() {
  const std::int64_t now = now_ms();
  return connection_.atomically([&]() -> Result<bool> {
    const auto there = connection_.change(R"(UPDATE lernd_member SET seen_ms=? WHERE "group"=? AND topic=? AND member=?)", now, group_, topic_, name_);
    if (!there) return std::unexpected(there.error());
    if (*there == 0) {
      const auto joined = connection_.change(R"(INSERT INTO lernd_member ("group", topic, member, seen_ms) VALUES (?, ?, ?, ?))", group_, topic_, name_, now);
      if (!joined) return std::unexpected(joined.error());
    }
    if (const auto evicted = evict_gone(now); !evicted) return std::unexpected(evicted.error());
    return *there == 0;
  });
}

Result<void> Membership::evict_gone(std::int64_t now) {
  std::vector<std::string> gone;
  SqlCursor others = connection_.select(R"(SELECT member, seen_ms FROM lernd_member WHERE "group"=? AND topic=? AND member<>?)", group_, topic_, name_);
  while (others.next()) {
    const std::string name = others.text(0);
    // Seen in the future: the clock of the machine was set back.
    const bool unseen = std::abs(now - others.integer(1)) > kLease.count();
    if (unseen || has_ended(std::string_view(name).substr(0, name.find('/')))) gone.push_back(name);
  }
  if (const auto ended = others.end(); !ended) return ended;
  for (const std::string& name : gone) {
    const auto evicted = connection_.change(R"(DELETE FROM lernd_member WHERE "group"=? AND topic=? AND member=?)", group_, topic_, name);
    if (!evicted) return std::unexpected(evicted.error());
  }
  return {};
}

Result<std::vector<std::int32_t>> Membership::owned(std::int32_t partitions) {
  std::int32_t members = 0;
  std::int32_t place = -1;
  SqlCursor rows = connection_.select(R"(SELECT member FROM lernd_member WHERE "group"=? AND topic=? ORDER BY member)", group_, topic_);
  for (; rows.next(); ++members) {
    if (rows.view(0) == name_) place = members;
  }
  if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
  std::vector<std::int32_t> mine;
  for (std::int32_t partition = place; place >= 0 && partition < partitions; partition += members) mine.push_back(partition);
  return mine;
}

Result<void> Membership::leave() {
  if (!joined_) return {};
  joined_ = false;
  return connection_.atomically([&]() -> Result<void> {
    const auto left = connection_.change(R"(DELETE FROM lernd_member WHERE "group"=? AND topic=? AND member=?)", group_, topic_, name_);
    if (!left) return std::unexpected(left.error());
    return {};
  });
}

}  // namespace lernd::embedded
