#include "jobs/user_ownership_transfer/job.h"

#include <fmt/format.h>

#include <functional>

#include "jobs/job_request.h"
#include "jobs/user_ownership_transfer/audit.h"
#include "jobs/user_ownership_transfer/event.h"
#include "jobs/user_ownership_transfer/options.h"
#include "jobs/user_ownership_transfer/rules.h"
#include "jobs/user_table.h"

namespace lernd::user_ownership_transfer {
namespace {

class UserOwnershipTransfer final : public Job {
 public:
  explicit UserOwnershipTransfer(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record)); }

  // Events that share a user, in whichever part, are handled in order. The slots bound how many are under way at once; one that is only skipped needs none.
  std::vector<std::string> order_keys(const Event& event) const override {
    const Transfer& transfer = transfer_in(event);
    if (!transfer.fault.empty()) return {"message " + transfer.requests.front().mid};
    return {"user " + transfer.from, "user " + transfer.to, fmt::format("slot {}", std::hash<std::string>{}(transfer.from) % options_.parallelism)};
  }

  // The second of two alike finds nothing left: whatever the searches find of a user, the first has changed in the index where they look.
  bool fold(Event& event, const Event& next) const override {
    auto& transfer = static_cast<Transfer&>(event);
    const Transfer& more = transfer_in(next);
    if (!transfer.fault.empty() || !more.fault.empty() || transfer.from != more.from || transfer.to != more.to || transfer.organisation != more.organisation) {
      return false;
    }
    if (options_.asset_filter && transfer.asset != more.asset) return false;
    transfer.requests.insert(transfer.requests.end(), more.requests.begin(), more.requests.end());
    return true;
  }

  Step advance(const Event& event, const Facts& facts, const Stamp&) const override {
    return user_ownership_transfer::advance(transfer_in(event), facts, options_);
  }

  Plan parked(const Event& event, const Facts& facts, const Error& error, const Stamp&) const override {
    return user_ownership_transfer::parked(transfer_in(event), facts, error, options_);
  }

  Plan skipped(const Skip& skip, const Origin& origin) const override {
    Plan plan = Job::skipped(skip, origin);
    plan.remarks.push_back(ending_of_record(skip, origin));
    return plan;
  }

  std::string_view received_counter() const override { return counter::kTotal; }
  std::string_view skipped_counter() const override { return counter::kSkipped; }

 private:
  static const Transfer& transfer_in(const Event& event) { return static_cast<const Transfer&>(event); }

  Options options_;
};

TableSchema course_batch_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"courseid", "text"},
                      {"batchid", "text"},
                      {"createdby", "text"},
                      {"createddate", "text"},
                      {"createdfor", "list<text>"},
                      {"mentors", "list<text>"},
                      {"name", "text"},
                      {"description", "text"},
                      {"status", "int"},
                      {"enrollmenttype", "text"},
                      {"startdate", "text"},
                      {"enddate", "text"},
                      {"enrollmentenddate", "text"},
                      {"updateddate", "text"},
                      {"cert_templates", "map<text, frozen<map<text, text>>>"}},
          .key = {"courseid", "batchid"},
          .partition_columns = 1};
}

std::vector<TableUse> tables(const OptionValues& values) {
  const Options options = options_from(values);
  std::vector<TableUse> uses = {
      {course_batch_shape(options.course_batches), {"courseid", "batchid", "createdby", "mentors"}, "lms-cassandra.course_batch.table"}};
  if (options.accept_deleted_from) uses.push_back({user_table_shape(options.users), {"id", "rootorgid"}, "user.table"});
  return uses;
}

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "user-ownership-transfer";
  job.summary = "Makes the course batches of one user another's: creator and mentors, in the table and in the search index.";
  job.options = option_table();
  // A user may have thousands of batches, each with its row and its document.
  job.batch_records = 10;
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  for (const auto name : {counter::kTotal, counter::kSkipped, counter::kAccountsRead, counter::kGroupsWritten, counter::kSucceeded}) {
    job.counters.emplace_back(name);
  }
  job.make = [](const OptionValues& values) { return std::make_unique<UserOwnershipTransfer>(options_from(values)); };
  job.tables = tables;
  job.caches = [](const OptionValues&) { return std::vector<CacheId>(); };
  job.indices = {std::string(kIndex)};
  job.services = services;
  job.check = check;
  return job;
}

}  // namespace lernd::user_ownership_transfer
