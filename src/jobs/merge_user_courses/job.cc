#include "jobs/merge_user_courses/job.h"

#include "jobs/course_progress/tables.h"
#include "jobs/job_request.h"
#include "jobs/merge_user_courses/counters.h"
#include "jobs/merge_user_courses/event.h"
#include "jobs/merge_user_courses/ledger.h"
#include "jobs/merge_user_courses/options.h"
#include "jobs/merge_user_courses/rules.h"

namespace lernd::merge_user_courses {
namespace {

class MergeUserCourses final : public Job {
 public:
  explicit MergeUserCourses(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record)); }

  std::vector<std::string> order_keys(const Event& event) const override {
    const MergeRequest& request = request_in(event);
    return {request.source_id, request.target_id};
  }

  // Each merge adds counts of its own and sends events of its own.
  bool fold(Event&, const Event&) const override { return false; }

  Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const override {
    return merge_user_courses::advance(request_in(event), facts, options_, stamp);
  }

  Plan parked(const Event& event, const Facts&, const Error& error, const Stamp& stamp) const override {
    return merge_user_courses::parked(request_in(event), error, options_, stamp);
  }

  Plan skipped(const Skip& skip, const Origin& origin) const override { return merge_user_courses::skipped(skip, options_, origin); }

  std::string_view received_counter() const override { return counter::kTotal; }
  std::string_view skipped_counter() const override { return counter::kSkipped; }

 private:
  static const MergeRequest& request_in(const Event& event) { return static_cast<const MergeRequest&>(event); }

  Options options_;
};

std::vector<TableUse> tables(const OptionValues& values) {
  const Options options = options_from(values);
  // Only keys are needed: every other column is taken as it is found.
  std::vector<TableUse> uses = {
      {course_progress::consumption_shape(options.contents), {"userid", "courseid", "batchid", "contentid"}, "lms-cassandra.content_consumption.table"},
      {course_progress::enrolments_shape(options.enrolments), {"userid", "courseid", "batchid"}, "lms-cassandra.user_enrolments.table"},
      {course_progress::aggregates_shape(options.aggregates),
       {"activity_type", "activity_id", "user_id", "context_id"},
       "lms-cassandra.user_activity_agg.table"},
  };
  TableSchema ledger = ledger_shape(options.ledger);
  std::vector<std::string> all;
  for (const Column& column : ledger.columns) all.push_back(column.name);
  uses.push_back({std::move(ledger), std::move(all), "lms-cassandra.merged_events.table", true});
  return uses;
}

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "merge-user-courses";
  job.summary = "Takes the course history of one account over to another: consumption, aggregates, enrolments.";
  job.options = option_table();
  // Two accounts with all their rows.
  job.batch_records = 100;
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  job.output_topic_options = {"kafka.output.course.batch.updater.topic", "kafka.output.enrolment.sync.topic", "kafka.output.failed.topic"};
  for (const auto name :
       {counter::kTotal, counter::kSuccess, counter::kSkipped, counter::kFailed, counter::kSynced, counter::kShared, counter::kUnreadableDates}) {
    job.counters.emplace_back(name);
  }
  job.make = [](const OptionValues& values) { return std::make_unique<MergeUserCourses>(options_from(values)); };
  job.tables = tables;
  job.caches = [](const OptionValues&) { return std::vector<CacheId>(); };
  return job;
}

}  // namespace lernd::merge_user_courses
