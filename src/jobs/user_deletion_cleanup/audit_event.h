#pragma once

#include <string>

#include "core/job.h"
#include "jobs/user_deletion_cleanup/event.h"

namespace lernd::user_deletion_cleanup {

/// The telemetry of a user whose data is removed, as JSON; it names the steps that were taken. Source: user-deletion-cleanup.md section 5.
std::string audit_event(const Deletion& event, bool credentials_removed, const Stamp& stamp);

}  // namespace lernd::user_deletion_cleanup
