#include "sync/help.h"

#include <gtest/gtest.h>

#include "sync/parameters.h"

namespace lernd::sync {
namespace {

TEST(SyncHelp, ShowsTheTwoDocumentedCommandsAndAllParameters) {
  const auto text = help_text();
  const std::string all =
      R"(Sync_run.sh --context_param sunbird_cassandra_server="{sunbird_cassandra_server}" --context_param sunbird_cassandra_port="{sunbird_cassandra_port}" --context_param sunbird_cassandra_username="{sunbird_cassandra_username}" --context_param sunbird_cassandra_password="{sunbird_cassandra_password}" --context_param sunbird_sync_api_endpoint="{sunbird_sync_api_endpoint}" --context_param sunbird_sync_api_key="{sunbird_sync_api_key}" --context_param sunbird_sync_block_size="{sunbird_sync_block_size}" --context_param sunbird_sync_sleep_time="{sunbird_sync_sleep_time}" --context_param sunbird_cassandra_table="user" --context_param sunbird_sync_object_type="user")";
  EXPECT_TRUE(text.contains("\n" + all + "\n"));
  EXPECT_TRUE(text.contains("\n" + all + R"( --context_param sunbird_sync_id_file="{sunbird_sync_id_file}")" + "\n"));
  for (const auto& parameter : parameters()) {
    EXPECT_TRUE(text.contains("\n  " + std::string(parameter.name) + " ")) << parameter.name;
    EXPECT_TRUE(text.contains("\n" + std::string(parameter.group) + ":\n")) << parameter.group;
  }
}

}  // namespace
}  // namespace lernd::sync
