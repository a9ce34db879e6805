#include "jobs/user_cache_updater/job.h"

#include <iterator>

#include "jobs/job_request.h"
#include "jobs/user_cache_updater/event.h"
#include "jobs/user_cache_updater/options.h"
#include "jobs/user_cache_updater/rules.h"

namespace lernd::user_cache_updater {
namespace {

class UserCacheUpdater final : public Job {
 public:
  explicit UserCacheUpdater(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record, options_)); }

  std::vector<std::string> order_keys(const Event& event) const override { return {audited_in(event).user_id}; }

  // The rules write event after event, with one profile for all: the one that each would read now, as all of them are here. Events that do not ask for the
  // profile stay apart from those that do, for they are done even when it cannot be read.
  bool fold(Event& event, const Event& next) const override {
    auto& audited = static_cast<UserAudited&>(event);
    const auto& more = audited_in(next);
    if (audited.user_id != more.user_id || audited.reads_profile != more.reads_profile) return false;
    audited.changes.insert(audited.changes.end(), more.changes.begin(), more.changes.end());
    return true;
  }

  Step advance(const Event& event, const Facts& facts, const Stamp&) const override { return user_cache_updater::advance(audited_in(event), facts, options_); }

  Plan parked(const Event& event, const Facts& facts, const Error&, const Stamp&) const override {
    return user_cache_updater::parked(audited_in(event), facts, options_);
  }

  std::string_view received_counter() const override { return counter::kTotal; }
  std::string_view skipped_counter() const override { return counter::kSkipped; }

 private:
  static const UserAudited& audited_in(const Event& event) { return static_cast<const UserAudited&>(event); }

  Options options_;
};

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "user-cache-updater";
  job.aliases = {"user-cache-updater-2.0"};
  job.summary = "Keeps a flat copy of each user's profile in Redis, where reports look it up.";
  job.options = option_table();
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  for (const auto name : {counter::kTotal, counter::kSkipped, counter::kSucceeded, counter::kHits, counter::kReads, counter::kMisses}) {
    job.counters.emplace_back(name);
  }
  job.make = [](const OptionValues& values) { return std::make_unique<UserCacheUpdater>(options_from(values)); };
  job.tables = [](const OptionValues&) { return std::vector<TableUse>(); };
  job.caches = [](const OptionValues& values) { return std::vector{options_from(values).users}; };
  job.services = services;
  job.check = check;
  // What is written depends on the events and on the profile as it is, and not on what was written before: what is removed is gone already.
  job.replayable = true;
  return job;
}

}  // namespace lernd::user_cache_updater
