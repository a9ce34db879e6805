#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "core/record.h"
#include "sync/body.h"

namespace lernd::sync {

/// What an attempt came to. Source: sync.md section 6.
enum class Outcome : std::uint8_t {
  accepted,
  retryable,  ///< may pass
  throttled,  ///< 429
  too_large,  ///< 413
  fatal,      ///< would hit every block
};

std::string_view name_of(Outcome outcome);

/// Headers of an answer that say how long to wait.
inline constexpr std::string_view kRetryAfter = "retry-after";
inline constexpr std::string_view kRateLimitReset = "ratelimit-reset";
inline constexpr std::string_view kRemainingThisHour = "x-ratelimit-remaining-hour";

struct Verdict {
  Outcome outcome = Outcome::fatal;
  int status = 0;                         ///< 0: no answer
  std::string label;                      ///< the status, or the code of the error that came instead
  std::string text;                       ///< for people; may quote the answer
  std::chrono::milliseconds wait_min{0};  ///< how long the server asks to wait; 0 when it does not say
};

/// Judges an answer, or the error that came instead. Pure.
Verdict judge(const Result<HttpAnswer>& answer, Timestamp now);

/// For each id of a block whether the answer of the verifying API confirms it. Nothing when the answer does not speak of that: the server is too old.
/// Source: sync.md section 5.3.
std::optional<std::vector<bool>> confirmations(std::string_view body, std::span<const bulk::Item> items);

}  // namespace lernd::sync
