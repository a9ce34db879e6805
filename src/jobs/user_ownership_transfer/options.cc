#include "jobs/user_ownership_transfer/options.h"

#include <iterator>

#include "jobs/account_read.h"
#include "jobs/option_rows.h"
#include "jobs/service_call.h"
#include "jobs/user_table.h"

namespace lernd::user_ownership_transfer {
namespace {

constexpr std::string_view kCourseServiceBase = "service.lms.basePath";
constexpr std::string_view kAcceptDeleted = "ownership.accept.deleted.from.user";

std::vector<Option> own_options() {
  return {
      input_topic_option("{env}.user.ownership.transfer", "Topic of the transfer requests."),
      group_option("{env}-user-ownership-transfer-group"),
      {.name = "lms-cassandra.keyspace", .default_value = "sunbird_courses", .doc = "Keyspace of the table of course batches."},
      {.name = "lms-cassandra.course_batch.table", .default_value = "course_batch", .doc = "Table of the course batches; read and written."},
      {.name = "threshold.batch.write.size",
       .type = OptionType::integer,
       .default_value = "10",
       .unit = "rows",
       .doc = "Rows that count as one in `db-update-success-count`. They are written each by itself, as they lie in different partitions.",
       .min = 1,
       .max = 100000},
      {.name = "task.user.ownership.transfer.parallelism",
       .type = OptionType::integer,
       .default_value = "1",
       .doc = "Events worked on at the same time. Those that share a user, or change the same batch, are always handled one after the other.",
       .aliases = {"user.ownership.transfer.parallelism"},
       .min = 1,
       .max = 10000},
      {.name = std::string(kAcceptDeleted),
       .type = OptionType::boolean,
       .default_value = "false",
       .doc =
           "Takes batches over from a user who is deleted or blocked too, when the table of users calls him one of the organisation. Otherwise such an event "
           "is skipped, as the user service no longer shows him."},
      {.name = "ownership.asset.filter",
       .type = OptionType::boolean,
       .default_value = "false",
       .doc =
           "Takes over only what an event names in `assetInformation`: one course batch, and nothing for any other kind of asset. Otherwise every event takes "
           "over all batches."},
  };
}

}  // namespace

std::vector<Option> option_table() {
  std::vector<Option> options = own_options();
  const std::vector<Option> search = {
      service_base_option(std::string(kCourseServiceBase), "Base URL of the course service, to be set."),
      service_path_option("batch_search_api", "/v1/course/batch/search", "Path of its search for course batches, behind `service.lms.basePath`."),
  };
  for (const auto& rows : {account_read_options(), search, user_table_options()}) std::ranges::copy(rows, std::back_inserter(options));
  return options;
}

std::vector<OptionFault> check(const OptionValues& values) {
  std::vector<OptionFault> faults;
  if (auto fault = fault_if_unset(values, kUserServiceBase, "the user service")) faults.push_back(*std::move(fault));
  if (auto fault = fault_if_unset(values, kCourseServiceBase, "the course service")) faults.push_back(*std::move(fault));
  return faults;
}

Options options_from(const OptionValues& values) {
  return {
      .course_batches = {values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.course_batch.table")},
      .users = user_table(values),
      .user_url = account_url(values),
      .search_url = service_address(values.text(kCourseServiceBase), values.text("batch_search_api")),
      .group_rows = static_cast<std::size_t>(values.integer("threshold.batch.write.size")),
      .parallelism = static_cast<std::size_t>(values.integer("task.user.ownership.transfer.parallelism")),
      .accept_deleted_from = values.boolean(kAcceptDeleted),
      .asset_filter = values.boolean("ownership.asset.filter"),
  };
}

std::vector<ServiceUse> services(const OptionValues&) {
  return {{std::string(kUserService), std::string(kUserServiceBase)}, {std::string(kCourseService), std::string(kCourseServiceBase)}};
}

}  // namespace lernd::user_ownership_transfer
