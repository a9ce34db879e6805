#pragma once

#include <chrono>
#include <string_view>

#include "fault/transfer_world.h"
#include "integration/program.h"

namespace lernd {

// What tests of a transfer world expect; each fails the running test otherwise.

/// Longest time of one run.
inline constexpr std::chrono::seconds kRunLimit{120};

/// The process comes to its end, and nothing is parked.
void expect_done(TransferWorld& world, Process& process);
/// Besides, everybody owns what he would own if nothing had gone wrong, in table and index alike.
void expect_undisturbed(TransferWorld& world, Process& process);

/// The job waits with its one partition.
bool paused(const AdminClient& admin);
/// It waits and tells why, for as long as a fault is to last, and commits nothing meanwhile.
void expect_waits(Process& process, const AdminClient& admin, std::string_view why);

}  // namespace lernd
