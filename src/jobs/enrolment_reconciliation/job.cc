#include "jobs/enrolment_reconciliation/job.h"

#include "jobs/course_progress/counters.h"
#include "jobs/course_progress/tables.h"
#include "jobs/enrolment_reconciliation/event.h"
#include "jobs/enrolment_reconciliation/options.h"
#include "jobs/enrolment_reconciliation/rules.h"
#include "jobs/job_request.h"

namespace lernd::enrolment_reconciliation {
namespace {

namespace counter = course_progress::counter;

class EnrolmentReconciliation final : public Job {
 public:
  explicit EnrolmentReconciliation(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record)); }

  std::vector<std::string> order_keys(const Event& event) const override { return {course_progress::order_key(request_in(event).enrolment)}; }

  // Without the filter a completed enrolment asks for its certificate each time, so two requests are more than one.
  bool fold(Event& event, const Event& next) const override {
    auto& request = static_cast<SyncRequest&>(event);
    if (!options_.skip_processed || request.enrolment != request_in(next).enrolment) return false;
    request.messages += request_in(next).messages;
    return true;
  }

  Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const override {
    return enrolment_reconciliation::advance(request_in(event), facts, options_, stamp);
  }

  Plan parked(const Event& event, const Facts& facts, const Error&, const Stamp&) const override {
    return enrolment_reconciliation::parked(request_in(event), facts, options_);
  }

  std::string_view received_counter() const override { return counter::kTotal; }
  std::string_view skipped_counter() const override { return counter::kSkipped; }

 private:
  static const SyncRequest& request_in(const Event& event) { return static_cast<const SyncRequest&>(event); }

  Options options_;
};

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "enrolment-reconciliation";
  job.summary = "Recomputes, on request, how far a learner has come in a course, and asks for the certificate on completion.";
  job.options = option_table();
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  job.output_topic_options = {"kafka.output.failed.topic", "kafka.output.audit.topic", "kafka.output.certissue.topic"};
  job.counters.assign(counter::kShared.begin(), counter::kShared.end());
  job.make = [](const OptionValues& values) { return std::make_unique<EnrolmentReconciliation>(options_from(values)); };
  job.tables = [](const OptionValues& values) { return course_progress::table_uses(options_from(values).tables); };
  job.caches = [](const OptionValues& values) { return std::vector{options_from(values).relation_cache.cache}; };
  job.services = [](const OptionValues&) { return std::vector<ServiceUse>{{"search", "service.search.basePath"}}; };
  return job;
}

}  // namespace lernd::enrolment_reconciliation
