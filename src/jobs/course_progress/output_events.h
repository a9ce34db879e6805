#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/job.h"
#include "jobs/course_progress/enrolment_key.h"
#include "jobs/course_progress/progress.h"

namespace lernd::course_progress {

/// Makes the bodies of the events that one plan produces, as JSON with the members in the order the reference writes them. They have no key and no headers.
///
/// Every call takes new ids of the stamp. Both arguments outlive it.
/// Source: enrolment-reconciliation.md section 7, activity-aggregate-updater.md section 6.
class OutputEvents {
 public:
  OutputEvents(const EnrolmentKey& enrolment, const Stamp& stamp) : enrolment_(enrolment), stamp_(stamp) {}

  /// Asks the certificate job for the certificate of a completed enrolment.
  std::string certificate_request();
  /// Tells the audit log that an enrolment was completed.
  std::string completion_audit();
  /// Tells the audit log that a content was viewed, or completed, for the first time.
  std::string content_start_audit(std::string_view content_id);
  std::string content_completion_audit(std::string_view content_id);

 private:
  struct Audit;
  std::string audit(const Audit& what);
  std::string uuid() { return stamp_.uuid(ids_used_++); }

  const EnrolmentKey& enrolment_;
  const Stamp& stamp_;
  unsigned ids_used_ = 0;
};

/// What the failed topic gets of an event that could not be done; `contents` as far as they are known.
std::string failed_event(const EnrolmentKey& enrolment, const std::vector<ContentRow>& contents);

}  // namespace lernd::course_progress
