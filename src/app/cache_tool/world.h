#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "app/job_setup.h"
#include "app/services.h"
#include "bulk/pace.h"
#include "bulk/progress.h"
#include "bulk/retrying.h"
#include "ports/clock.h"

namespace lernd::cache_tool {

/// What the commands of the user cache run in. Everything outlives them.
struct World {
  const JobSetup& setup;  ///< of user-cache-updater
  Services& services;
  Clock& clock;  ///< may be called from any thread
  bulk::Waiter& waiter;
  bulk::ProgressSink& progress;
  std::function<void(const std::string&)> warn;  ///< a line for the person; from any thread
  std::stop_token stop;
  std::chrono::seconds wait_max{0};  ///< for services that are away; 0: without end
};

/// How a command ended.
enum class End : std::uint8_t {
  done,
  failed,   ///< it came to its end, and not all is well
  usage,    ///< something was given that cannot be right; nothing was done
  stopped,  ///< before its end
};

/// What ends a command before its end, and why.
struct Halt {
  End end = End::stopped;
  std::string text;
};

/// What an error means for a command that has done nothing yet: what is wrong with what it was given is for the person to mend.
inline Halt halt_of(const Error& error) { return {error.treatment == Treatment::retry ? End::stopped : End::usage, error.text}; }

/// For reads of tables: as patient as the world is.
bulk::RetryPace table_pace(const World& world);
bulk::RetryParts table_parts(const World& world);

}  // namespace lernd::cache_tool
