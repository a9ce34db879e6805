#pragma once

#include <span>
#include <variant>

#include "core/job.h"
#include "runtime/asker.h"

namespace lernd {

/// An event and what its rules came to.
struct Decision {
  const Event* event = nullptr;
  Stamp stamp;
  std::variant<std::monostate, Plan, Reject> outcome;
};

/// Runs the rules of all events to their end, in rounds: every event that still asks waits for the others, then all asks go out together.
///
/// Afterwards every outcome is a plan or a reject; an ask that got an error becomes a reject with that error. `facts` holds what was learned.
void decide(const Job& job, std::span<Decision> decisions, Asker& asker, Facts& facts);

}  // namespace lernd
