#include "jobs/relation_cache_updater/job.h"

#include "jobs/job_request.h"
#include "jobs/relation_cache_updater/event.h"
#include "jobs/relation_cache_updater/options.h"
#include "jobs/relation_cache_updater/rules.h"

namespace lernd::relation_cache_updater {
namespace {

class RelationCacheUpdater final : public Job {
 public:
  explicit RelationCacheUpdater(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record)); }

  std::vector<std::string> order_keys(const Event& event) const override { return {published_in(event).collection_id}; }

  // What is written depends on the hierarchy at that time, not on the records.
  bool fold(Event& event, const Event& next) const override {
    auto& published = static_cast<CollectionPublished&>(event);
    if (published.collection_id != published_in(next).collection_id) return false;
    published.messages += published_in(next).messages;
    return true;
  }

  Step advance(const Event& event, const Facts& facts, const Stamp&) const override {
    return relation_cache_updater::advance(published_in(event), facts, options_);
  }

  Plan parked(const Event& event, const Facts&, const Error&, const Stamp&) const override { return relation_cache_updater::parked(published_in(event)); }

  std::string_view received_counter() const override { return counter::kTotal; }
  std::string_view skipped_counter() const override { return counter::kSkipped; }

 private:
  static const CollectionPublished& published_in(const Event& event) { return static_cast<const CollectionPublished&>(event); }

  Options options_;
};

/// Further columns of the table are of no interest here.
TableSchema hierarchies_shape(TableName name) {
  return {.name = std::move(name), .columns = {{"identifier", "text"}, {"hierarchy", "text"}}, .key = {"identifier"}, .partition_columns = 1};
}

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "relation-cache-updater";
  job.summary = "Fills the caches of a published course: leaf, optional and ancestor sets, and its units.";
  job.options = option_table();
  // A hierarchy, and all its sets.
  job.batch_records = 100;
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  for (const auto name : {counter::kTotal, counter::kSucceeded, counter::kSkipped, counter::kFailed, counter::kReads, counter::kWrites}) {
    job.counters.emplace_back(name);
  }
  job.make = [](const OptionValues& values) { return std::make_unique<RelationCacheUpdater>(options_from(values)); };
  job.tables = [](const OptionValues& values) {
    return std::vector<TableUse>{{hierarchies_shape(options_from(values).hierarchies), {"identifier", "hierarchy"}, "lms-cassandra.table"}};
  };
  job.caches = [](const OptionValues& values) {
    const auto options = options_from(values);
    return std::vector{options.relation_cache, options.unit_cache};
  };
  job.replayable = true;
  return job;
}

}  // namespace lernd::relation_cache_updater
