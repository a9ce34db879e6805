#include "jobs/activity_aggregate_updater/job.h"

#include <algorithm>

#include "jobs/activity_aggregate_updater/event.h"
#include "jobs/activity_aggregate_updater/options.h"
#include "jobs/activity_aggregate_updater/rules.h"
#include "jobs/course_progress/counters.h"
#include "jobs/course_progress/tables.h"
#include "jobs/job_request.h"

namespace lernd::activity_aggregate_updater {
namespace {

namespace shared = course_progress::counter;

/// An event goes through its windows one after the other. More items than this, and more than a window, are left for the next event, so that a burst of one
/// learner does not hold up the others of the batch.
constexpr std::size_t kFoldedItemsMax = 256;

class ActivityAggregateUpdater final : public Job {
 public:
  explicit ActivityAggregateUpdater(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record)); }

  std::vector<std::string> order_keys(const Event& event) const override { return {course_progress::order_key(finished_in(event).enrolment)}; }

  bool fold(Event& event, const Event& next) const override {
    auto& finished = static_cast<ContentsFinished&>(event);
    const auto& more = finished_in(next);
    if (finished.enrolment != more.enrolment) return false;
    if (finished.contents.size() + more.contents.size() > std::max(options_.window_items, kFoldedItemsMax)) return false;
    finished.contents.insert(finished.contents.end(), more.contents.begin(), more.contents.end());
    finished.messages += more.messages;
    return true;
  }

  Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const override {
    return activity_aggregate_updater::advance(finished_in(event), facts, options_, stamp);
  }

  Plan parked(const Event& event, const Facts& facts, const Error&, const Stamp&) const override {
    return activity_aggregate_updater::parked(finished_in(event), facts, options_);
  }

  std::string_view received_counter() const override { return shared::kTotal; }
  std::string_view skipped_counter() const override { return shared::kSkipped; }

 private:
  static const ContentsFinished& finished_in(const Event& event) { return static_cast<const ContentsFinished&>(event); }

  Options options_;
};

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "activity-aggregate-updater";
  job.summary = "Counts what learners finish, recomputes how far they have come in a course, and asks for the certificate on completion.";
  job.options = option_table();
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  job.output_topic_options = {"kafka.output.failed.topic", "kafka.output.audit.topic", "kafka.output.certissue.topic"};
  job.counters.assign(shared::kShared.begin(), shared::kShared.end());
  for (const auto name : {counter::kReceived, counter::kProcessed}) job.counters.emplace_back(name);
  job.make = [](const OptionValues& values) { return std::make_unique<ActivityAggregateUpdater>(options_from(values)); };
  job.tables = [](const OptionValues& values) { return course_progress::table_uses(options_from(values).tables); };
  job.caches = [](const OptionValues& values) {
    const auto options = options_from(values);
    return std::vector{options.relation_cache.cache, options.fingerprints};
  };
  job.services = [](const OptionValues&) { return std::vector<ServiceUse>{{"search", "service.search.basePath"}}; };
  return job;
}

}  // namespace lernd::activity_aggregate_updater
