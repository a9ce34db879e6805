#pragma once

#include "fault/reconciliation_world.h"

namespace lernd {

/// A world with more requests than are done before a signal arrives, in small batches.
WorldOptions backlog(bool embedded);

/// Ends the program by a signal again and again, while there is a backlog, and lets it finish then. Fails the running test unless every end is in time and with
/// exit code 0, and nothing is lost or doubled.
void expect_drained(ReconciliationWorld& world);

/// Runs until nothing is left.
void expect_rest_is_done(ReconciliationWorld& world);

}  // namespace lernd
