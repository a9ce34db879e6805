#include "sync/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "sync/arguments.h"
#include "sync/options.h"

namespace lernd::sync {
namespace {

TEST(SyncParameters, NamesAreUniqueAndDefaultsAreValid) {
  std::set<std::string_view> names;
  for (const auto& parameter : parameters()) EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
  const auto resolved = resolve({}, [](const std::string&) -> Result<SecretFile> { return SecretFile(); });
  EXPECT_TRUE(resolved.faults.empty()) << resolved.faults.front();
  EXPECT_TRUE(resolved.warnings.empty());
}

TEST(SyncParameters, FindsByTheWholeNameOnly) {
  EXPECT_NE(find_parameter("dry_run"), nullptr);
  EXPECT_EQ(find_parameter("dry_ru"), nullptr);
  EXPECT_EQ(find_parameter(""), nullptr);
}

TEST(SyncParameters, ThePageHasThisTable) {
  std::ifstream in(LERND_SYNC_PAGE, std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(page.contains(parameters_markdown())) << "docs/sync.md is stale; put in the output of `lernd sync --parameters-markdown`";
}

TEST(SyncParameters, NearestName) {
  EXPECT_EQ(nearest_parameter("sunbird_sync_blocksize"), "sunbird_sync_block_size");
  EXPECT_EQ(nearest_parameter("SUNBIRD_SYNC_API_KEY"), "sunbird_sync_api_key");
  EXPECT_EQ(nearest_parameter("x"), "");
  EXPECT_EQ(nearest_parameter(std::string(100'000, 's')), "");
}

}  // namespace
}  // namespace lernd::sync
