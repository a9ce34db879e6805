#pragma once

#include "app/vectors/matcher.h"
#include "app/vectors/vector_case.h"
#include "app/vectors/world.h"
#include "core/error.h"
#include "ports/log.h"

namespace lernd {

/// Sets up what a case has before, runs the job over its messages, and compares what is there afterwards. No difference means that the case passes.
///
/// Retries are off, messages are handled one at a time, and one that ends in an error is parked, unless the case's configuration says otherwise.
/// Errors  whatever kept the case from being run; it counts as failed.
/// Source  cases/README.md.
Result<Differences> run_vector(const VectorCase& vector, VectorWorld& world, Log& log);

/// A difference for people, over three lines.
std::string describe(const Difference& difference);

}  // namespace lernd
