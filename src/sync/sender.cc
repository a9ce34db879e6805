#include "sync/sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>

namespace lernd::sync {
namespace {

using std::chrono::milliseconds;

double share(Clock& clock) { return static_cast<double>(clock.random()[0] >> 11) / static_cast<double>(std::uint64_t{1} << 53); }

/// Of the ends of the parts of a block the worst counts.
BlockEnd worse(BlockEnd a, BlockEnd b) { return std::max(a, b); }

}  // namespace

Result<BlockEnd> Sender::send(const bulk::Block& block) {
  std::deque<Part> parts;
  for (std::span<const bulk::Item> rest = block.items; !rest.empty();) {
    const auto count = count_that_fits(shared_.options.type, shared_.options.verify, rest, shared_.options.body_bytes_max);
    parts.push_back({.items = rest.first(count)});
    rest = rest.subspan(count);
  }
  BlockEnd end = BlockEnd::ok;
  while (!parts.empty()) {
    Part part = std::move(parts.front());
    parts.pop_front();
    Next next = Next::again;
    while (next == Next::again) {
      if (!wait_for_turn(part)) {
        if (!part.latest) return BlockEnd::abandoned;
        next = Next::done;  // what was tried has failed; its record says why
        break;
      }
      attempt(block, part);
      next = part.latest->verdict.outcome == Outcome::accepted ? Next::done : after_failure(part);
    }
    if (next == Next::halves) {
      const auto first = (part.items.size() + 1) / 2;
      for (const auto& half : {part.items.subspan(first), part.items.first(first)}) {
        Part smaller = part;
        smaller.items = half;
        smaller.attempts = 0;
        smaller.latest.reset();
        parts.push_front(std::move(smaller));
      }
      continue;
    }
    if (auto done = finish(part, block, end); !done) return std::unexpected(done.error());
    if (end == BlockEnd::fatal && !shared_.options.continue_on_fatal) break;
  }
  shared_.ledger.count_block(end == BlockEnd::ok);
  return end;
}

/// Waits for the pause, the backoff and the rate: until the latest of them, not for their sum.
bool Sender::wait_for_turn(Part& part) {
  const bulk::Time now = shared_.waiter.now();
  bulk::Time ready = now;
  std::string why = "limit per hour";
  if (latest_end_ && *latest_end_ + shared_.options.pause > ready) {
    ready = *latest_end_ + shared_.options.pause;
    why = "pause";
  }
  if (part.not_before && *part.not_before > ready) {
    ready = *part.not_before;
    why = part.waits_for;
  }
  if (shared_.stop.stop_requested()) return false;
  const bulk::Time start = shared_.gate.take(ready);
  if (start <= now) return true;
  shared_.board.set(worker_, WaitBoard::Wait{.what = std::move(why), .until = start});
  const bool came = shared_.waiter.wait_until(start, shared_.stop);
  shared_.board.set(worker_, std::nullopt);
  return came;
}

void Sender::attempt(const bulk::Block& block, Part& part) {
  const Options& options = shared_.options;
  HttpQuery query{.service = "sync", .method = "POST", .url = options.endpoint};
  query.headers = {{.name = "Content-Type", .value = "application/json"}, {.name = "Accept", .value = "application/json"}};
  if (!options.api_key.empty()) query.headers.push_back({.name = "Authorization", .value = "Bearer " + options.api_key});
  query.headers.push_back({.name = "X-Request-ID", .value = fmt::format("{}-{}", shared_.run_id, block.number)});
  query.body = body_of(options.type, options.verify, part.items);
  shared_.ledger.count_request(part.retry);
  auto answers = client_.call(std::span(&query, 1));
  latest_end_ = shared_.waiter.now();
  ++part.attempts;
  auto& answer = answers.front();
  Sent sent{.number = block.number, .items = part.items, .body = std::move(query.body), .response = {}, .attempts = part.attempts};
  sent.verdict = judge(answer, shared_.clock.now());
  if (answer) sent.response = std::move(answer->body);
  if (sent.verdict.outcome != Outcome::accepted) shared_.ledger.count_error(sent.verdict);
  part.latest = std::move(sent);
}

Sender::Next Sender::after_failure(Part& part) {
  const Options& options = shared_.options;
  const Verdict& verdict = part.latest->verdict;
  switch (verdict.outcome) {
    case Outcome::too_large:
      if (part.items.size() < 2) return Next::done;
      part.retries = 0;
      part.retry = false;
      part.not_before.reset();
      return Next::halves;
    case Outcome::throttled: {
      const auto wait = std::max(verdict.wait_min, bulk::backoff(++part.throttles, options.retry_base, options.retry_cap, share(shared_.clock)));
      if (part.throttled + wait > options.throttle_wait_max) return Next::done;
      part.throttled += wait;
      part.retry = false;
      shared_.ledger.count_throttled(wait);
      retry_later(part, wait, "throttled by the gateway");
      return Next::again;
    }
    case Outcome::retryable: {
      if (part.retries >= options.retry_max) return Next::done;
      ++part.retries;
      const auto asked = std::min(verdict.wait_min, options.throttle_wait_max);
      const auto wait = std::max(asked, bulk::backoff(part.retries, options.retry_base, options.retry_cap, share(shared_.clock)));
      part.retry = true;
      retry_later(part, wait, fmt::format("retry {} of {}", part.retries, options.retry_max));
      const bool slow = verdict.status == 500 || verdict.label == name_of(ErrorCode::timed_out);
      return options.verify && slow && part.items.size() > 1 ? Next::halves : Next::again;
    }
    case Outcome::accepted:
    case Outcome::fatal:
      return Next::done;
  }
  return Next::done;
}

void Sender::retry_later(Part& part, milliseconds wait, std::string why) {
  part.not_before = shared_.waiter.now() + wait;
  part.waits_for = std::move(why);
}

/// Writes down how a part ended.
Result<void> Sender::finish(Part& part, const bulk::Block& block, BlockEnd& end) {
  const Sent& sent = *part.latest;
  if (sent.verdict.outcome == Outcome::accepted) {
    const auto whole = shared_.ledger.accepted(sent);
    if (!whole) return std::unexpected(whole.error());
    if (!*whole) {
      shared_.warn(fmt::format("block {}: not all ids were confirmed", block.number));
      end = worse(end, BlockEnd::failed);
    }
    return {};
  }
  shared_.warn(fmt::format("block {} failed after {} attempt{}: {}", block.number, sent.attempts, sent.attempts == 1 ? "" : "s", sent.verdict.text));
  const bool fatal = sent.verdict.outcome == Outcome::fatal;
  end = worse(end, fatal ? BlockEnd::fatal : sent.verdict.outcome == Outcome::too_large ? BlockEnd::failed : BlockEnd::given_up);
  return shared_.ledger.failed(sent);
}

}  // namespace lernd::sync
