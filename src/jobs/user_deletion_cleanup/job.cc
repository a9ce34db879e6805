#include "jobs/user_deletion_cleanup/job.h"

#include "jobs/job_request.h"
#include "jobs/user_deletion_cleanup/event.h"
#include "jobs/user_deletion_cleanup/options.h"
#include "jobs/user_deletion_cleanup/rules.h"
#include "jobs/user_table.h"

namespace lernd::user_deletion_cleanup {
namespace {

class UserDeletionCleanup final : public Job {
 public:
  explicit UserDeletionCleanup(Options options) : options_(std::move(options)) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override { return as_event(read(record)); }

  // Whoever is managed here may be deleted himself by another event, which looks at what this one blanks.
  std::vector<std::string> order_keys(const Event& event) const override {
    std::vector<std::string> keys = {deletion_in(event).user_id};
    for (const std::string& id : deletion_in(event).managed) {
      if (id != keys.front()) keys.push_back(id);
    }
    return keys;
  }

  // The second event of a user finds him deleted, and does less.
  bool fold(Event&, const Event&) const override { return false; }

  Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const override {
    return user_deletion_cleanup::advance(deletion_in(event), facts, options_, stamp);
  }

  Plan parked(const Event& event, const Facts& facts, const Error&, const Stamp&) const override {
    return user_deletion_cleanup::parked(deletion_in(event), facts, options_);
  }

  std::string_view received_counter() const override { return counter::kTotal; }
  std::string_view skipped_counter() const override { return counter::kSkipped; }

 private:
  static const Deletion& deletion_in(const Event& event) { return static_cast<const Deletion&>(event); }

  Options options_;
};

TableSchema membership_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"userid", "text"},
                      {"organisationid", "text"},
                      {"id", "text"},
                      {"isdeleted", "boolean"},
                      {"orgjoindate", "text"},
                      {"orgleftdate", "text"},
                      {"addedby", "text"},
                      {"addedbyname", "text"},
                      {"approvaldate", "text"},
                      {"approvedby", "text"},
                      {"hashtagid", "text"},
                      {"isapproved", "boolean"},
                      {"isrejected", "boolean"},
                      {"position", "text"},
                      {"roles", "list<text>"},
                      {"updatedby", "text"},
                      {"updateddate", "text"},
                      {"associationtype", "int"}},
          .key = {"userid", "organisationid"},
          .partition_columns = 1};
}

TableSchema lookup_shape(TableName name) {
  return {.name = std::move(name), .columns = {{"type", "text"}, {"value", "text"}, {"userid", "text"}}, .key = {"type", "value"}, .partition_columns = 1};
}

TableSchema identity_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"userid", "text"},
                      {"idtype", "text"},
                      {"provider", "text"},
                      {"externalid", "text"},
                      {"originalexternalid", "text"},
                      {"originalidtype", "text"},
                      {"originalprovider", "text"},
                      {"createdby", "text"},
                      {"createdon", "timestamp"},
                      {"lastupdatedby", "text"},
                      {"lastupdatedon", "timestamp"}},
          .key = {"userid", "idtype", "provider"},
          .partition_columns = 1};
}

std::vector<TableUse> tables(const OptionValues& values) {
  const Options options = options_from(values);
  return {{user_table_shape(options.users),
           {"id", "rootorgid", "status", "maskedemail", "maskedphone", "recoveryemail", "recoveryphone", "prevusedemail", "prevusedphone", "username",
            "firstname", "lastname", "dob", "email", "phone"},
           "user.table"},
          {membership_shape(options.memberships), {"userid", "organisationid", "isdeleted", "orgleftdate"}, "user.org.table"},
          {lookup_shape(options.lookups), {"type", "value"}, "user.lookup.table"},
          {identity_shape(options.identities), {"userid", "idtype", "provider"}, "user.externalIdentity.table"}};
}

}  // namespace

JobDescription description() {
  JobDescription job;
  job.name = "user-deletion-cleanup";
  job.summary = "Removes what is left of a deleted user: memberships, profile, look-ups, external identities, credentials, cached copy.";
  job.options = option_table();
  job.input_topic_option = "kafka.input.topic";
  job.group_option = "kafka.groupId";
  job.output_topic_options = {"kafka.output.audit.topic"};
  for (const auto name : {counter::kTotal, counter::kSkipped, counter::kAccountsRead, counter::kSucceeded, counter::kMissed, counter::kWritten}) {
    job.counters.emplace_back(name);
  }
  job.make = [](const OptionValues& values) { return std::make_unique<UserDeletionCleanup>(options_from(values)); };
  job.tables = tables;
  job.caches = caches;
  job.services = services;
  job.check = check;
  return job;
}

}  // namespace lernd::user_deletion_cleanup
