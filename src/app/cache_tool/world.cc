#include "app/cache_tool/world.h"

#include <limits>

namespace lernd::cache_tool {
namespace {

constexpr std::chrono::milliseconds kTableRetryBase{200};
constexpr std::chrono::seconds kTableRetryCap{5};

}  // namespace

bulk::RetryPace table_pace(const World& world) {
  constexpr int kFirstRetries = 5;
  const bool endless = world.wait_max.count() == 0;
  return {.retries_max = endless ? std::numeric_limits<int>::max() : kFirstRetries + static_cast<int>(world.wait_max / kTableRetryCap),
          .base = kTableRetryBase,
          .cap = kTableRetryCap};
}

bulk::RetryParts table_parts(const World& world) {
  return {.waiter = world.waiter,
          .clock = world.clock,
          .on_retry = [&world](const Error& error) { world.warn("trying again: " + error.text); },
          .stop = world.stop};
}

}  // namespace lernd::cache_tool
