#pragma once

#include "fault/reconciliation_world.h"

namespace lernd {

/// Records that no job can read, of every kind, each with a key and a header. A text that stands in each of them and in nothing else: `kPayloadMark`.
std::vector<OutputRecord> bad_records();
inline constexpr std::string_view kPayloadMark = "do-not-show-me";

/// Runs the job over a world that begins with `bad_records`. Fails the running test unless each of them is counted and kept as a dead letter with the reason in
/// its headers, nothing of them is in the log, and what follows them is done as if they were not there.
void expect_bad_records_are_kept(ReconciliationWorld& world);

}  // namespace lernd
