#include "jobs/user_ownership_transfer/options.h"

#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

const Option& option(const std::string& name) {
  static const auto table = option_table();
  return option_named(table, name);
}

// Section 9 of the specification, and the options of section 10.
TEST(TransferOptions, DefaultsOfTheSpecification) {
  const std::map<std::string, std::string> specified = {
      {"kafka.input.topic", "{env}.user.ownership.transfer"},
      {"kafka.groupId", "{env}-user-ownership-transfer-group"},
      {"lms-cassandra.keyspace", "sunbird_courses"},
      {"lms-cassandra.course_batch.table", "course_batch"},
      {"threshold.batch.write.size", "10"},
      {"service.lms.basePath", ""},
      {"service.userorg.basePath", ""},
      {"user_read_api", "/private/user/v1/read/"},
      {"batch_search_api", "/v1/course/batch/search"},
      {"task.user.ownership.transfer.parallelism", "1"},
      {"ownership.accept.deleted.from.user", "false"},
      {"ownership.asset.filter", "false"},
      {"user.keyspace", "sunbird"},
      {"user.table", "user"},
  };
  EXPECT_EQ(defaults_in(option_table()), specified);
}

TEST(TransferOptions, TheDocumentedNameOfTheParallelism) {
  EXPECT_EQ(option("task.user.ownership.transfer.parallelism").aliases, std::vector<std::string>{"user.ownership.transfer.parallelism"});
  EXPECT_EQ(option("task.user.ownership.transfer.parallelism").min, 1);
  EXPECT_EQ(option("threshold.batch.write.size").min, 1);
}

TEST(TransferOptions, AreTakenFromTheValues) {
  const Options options = options_of({{"lms-cassandra.keyspace", "k"},
                                      {"lms-cassandra.course_batch.table", "t"},
                                      {"user.keyspace", "uk"},
                                      {"user.table", "ut"},
                                      {"threshold.batch.write.size", "3"},
                                      {"task.user.ownership.transfer.parallelism", "4"},
                                      {"ownership.accept.deleted.from.user", "true"},
                                      {"ownership.asset.filter", "true"},
                                      {"service.userorg.basePath", "h:1/userorg"},
                                      {"user_read_api", "read"},
                                      {"service.lms.basePath", "https://g/lms/"},
                                      {"batch_search_api", "v1/search/"}});
  EXPECT_EQ(options.course_batches, (TableName{"k", "t"}));
  EXPECT_EQ(options.users, (TableName{"uk", "ut"}));
  EXPECT_EQ(options.group_rows, 3u);
  EXPECT_EQ(options.parallelism, 4u);
  EXPECT_TRUE(options.accept_deleted_from);
  EXPECT_TRUE(options.asset_filter);
  EXPECT_EQ(options.user_url, "http://h:1/userorg/read/");
  EXPECT_EQ(options.search_url, "https://g/lms/v1/search");
}

TEST(TransferOptions, BothServicesMustBeSet) {
  EXPECT_TRUE(check(values_of()).empty());
  const auto faults = check(values_of({{"service.userorg.basePath", ""}, {"service.lms.basePath", ""}}));
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].option, "service.userorg.basePath");
  EXPECT_EQ(faults[1].option, "service.lms.basePath");
  EXPECT_EQ(services(values_of()).size(), 2u);
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
