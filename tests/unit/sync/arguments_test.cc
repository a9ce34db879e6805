#include "sync/arguments.h"

#include <gtest/gtest.h>

namespace lernd::sync {
namespace {

Arguments read(std::vector<std::string_view> words) { return read_arguments(words); }

TEST(SyncArguments, TakesBothFormsOfTheFlagWithoutRegardToCase) {
  const auto out = read({"--context_param", "sunbird_sync_block_size=7", "--CONTEXT_PARAM=sunbird_sync_sleep_time=9", "--context=Default"});
  EXPECT_TRUE(out.faults.empty());
  EXPECT_EQ(out.settings, (Settings{{"sunbird_sync_block_size", "7"}, {"sunbird_sync_sleep_time", "9"}}));
}

TEST(SyncArguments, ValuesAreLiteral) {
  const auto out = read({"--context_param", R"(sunbird_cassandra_password=a=b\n\\c )", "--context_param", "sunbird_sync_api_key="});
  EXPECT_EQ(out.settings.at("sunbird_cassandra_password"), R"(a=b\n\\c )");
  EXPECT_EQ(out.settings.at("sunbird_sync_api_key"), "");
}

TEST(SyncArguments, TwoQuotesAreEmptyAndTheLastOneWins) {
  const auto out = read({"--context_param", "sunbird_sync_id_file=a", "--context_param", "sunbird_sync_id_file=\"\""});
  EXPECT_EQ(out.settings.at("sunbird_sync_id_file"), "");
  EXPECT_EQ(read({"--context_param", "sunbird_sync_id_file=\"x\""}).settings.at("sunbird_sync_id_file"), "\"x\"");
}

TEST(SyncArguments, AMisspeltNameIsAFaultWithTheNearestOne) {
  const auto out = read({"--context_param", "sunbird_sync_idfile=ids.csv", "--context_param", "zzzzzzzzzzzzzzzzzzz=1"});
  ASSERT_EQ(out.faults.size(), 2u);
  EXPECT_TRUE(out.faults[0].contains("`sunbird_sync_idfile`; did you mean `sunbird_sync_id_file`?")) << out.faults[0];
  EXPECT_TRUE(out.faults[1].contains("lernd sync --help")) << out.faults[1];
}

TEST(SyncArguments, NoFaultQuotesAValue) {
  const auto out = read({"--context_param", "sunbird_sync_api_key", "hush-1", "--context_param", "hush-2", "--sunbird_sync_api_key=hush-3", "--context_param",
                         "sunbird_sync_apikey=hush-4", "sunbird_sync_api_key=hush-5", "--context_param"});
  EXPECT_EQ(out.faults.size(), 7u);
  for (const auto& fault : out.faults) EXPECT_FALSE(fault.contains("hush")) << fault;
}

TEST(SyncArguments, HelpVersionAndFile) {
  const auto out = read({"--help", "--version", "--config", "a.conf"});
  EXPECT_TRUE(out.help && out.version);
  EXPECT_EQ(out.config_file, "a.conf");
  EXPECT_EQ(read({"--config=b=c"}).config_file, "b=c");
  EXPECT_EQ(read({"--config"}).faults.size(), 1u);
}

TEST(SyncConfigLines, ReadsNamesAndValues) {
  std::vector<std::string> faults;
  const auto settings = read_config_lines("\xef\xbb\xbf# c\r\n\r\nsunbird_sync_api_key = a=b \r\n dry_run=true\nsunbird_sync_id_file=\"\"", "f", faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(settings, (Settings{{"sunbird_sync_api_key", "a=b"}, {"dry_run", "true"}, {"sunbird_sync_id_file", ""}}));
}

TEST(SyncConfigLines, FaultsNameFileAndLine) {
  std::vector<std::string> faults;
  read_config_lines("dry_run=true\nhush\nsunbird_sync_api_keyy=hush\ndry_run\n", "f.conf", faults);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_TRUE(faults[0].starts_with("f.conf line 2: ")) << faults[0];
  EXPECT_TRUE(faults[1].contains("did you mean `sunbird_sync_api_key`?")) << faults[1];
  EXPECT_TRUE(faults[2].contains("dry_run=VALUE")) << faults[2];
  for (const auto& fault : faults) EXPECT_FALSE(fault.contains("hush")) << fault;
}

TEST(SyncEnvironment, NamesAreUpperCase) {
  const auto settings = read_environment([](const std::string& name) -> std::optional<std::string> {
    if (name == "SUNBIRD_SYNC_API_KEY") return "k";
    if (name == "DRY_RUN") return "\"\"";
    return std::nullopt;
  });
  EXPECT_EQ(settings, (Settings{{"dry_run", ""}, {"sunbird_sync_api_key", "k"}}));
}

TEST(SyncSecrets, AreOverwrittenInTheWords) {
  std::string key = "sunbird_sync_api_key=abc";
  std::string one = "--context_param=sunbird_cassandra_password=d=f";
  std::string url = "sunbird_sync_api_endpoint=http://u:p@h/x";
  std::string other = "sunbird_sync_block_size=12";
  std::vector<char*> words{key.data(), one.data(), url.data(), other.data()};
  overwrite_secrets(words);
  EXPECT_EQ(key, "sunbird_sync_api_key=***");
  EXPECT_EQ(one, "--context_param=sunbird_cassandra_password=***");
  EXPECT_EQ(url, "sunbird_sync_api_endpoint=http://***@h/x");
  EXPECT_EQ(other, "sunbird_sync_block_size=12");
}

}  // namespace
}  // namespace lernd::sync
