#include "sync/options.h"
#include "sync/secrets.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lernd::sync {
namespace {

Result<SecretFile> no_file(const std::string& path) { return fail(Treatment::fatal, ErrorCode::not_found, path + " cannot be read"); }

Resolved resolved(const Settings& settings) { return resolve(std::span(&settings, 1), no_file); }

bool has(const std::vector<std::string>& texts, std::string_view part) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.contains(part); });
}

TEST(SyncOptions, LaterLayersWin) {
  const std::vector<Settings> layers{{{"sunbird_sync_block_size", "1"}, {"sunbird_sync_sleep_time", "1"}}, {{"sunbird_sync_block_size", "2"}}, {}};
  const auto out = resolve(layers, no_file);
  EXPECT_EQ(out.options.block_size, 2);
  EXPECT_EQ(out.options.pause.count(), 1);
  EXPECT_EQ(out.options.retry_max, 5);
}

TEST(SyncOptions, ReportsEveryFaultAtOnce) {
  const auto out = resolved({{"sunbird_sync_block_size", "abc"},
                             {"sunbird_sync_sleep_time", "99999999999999999999"},
                             {"sunbird_cassandra_port", "70000"},
                             {"sunbird_cassandra_table", "user; drop"},
                             {"sunbird_sync_object_type", "usr"},
                             {"sunbird_sync_api_endpoint", "host/v1"},
                             {"dry_run", "perhaps"},
                             {"sunbird_sync_resume", "yes"},
                             {"sunbird_sync_id_pattern", "(("},
                             {"sunbird_sync_api_key_file", "/k"}});
  EXPECT_EQ(out.faults.size(), 10u);
  for (const char* name :
       {"sunbird_sync_block_size", "sunbird_sync_sleep_time", "sunbird_cassandra_port", "sunbird_cassandra_table", "sunbird_sync_object_type",
        "sunbird_sync_api_endpoint", "dry_run", "sunbird_sync_resume", "sunbird_sync_id_pattern", "sunbird_sync_api_key_file"}) {
    EXPECT_TRUE(has(out.faults, std::string(name) + ": ")) << name;
  }
}

TEST(SyncOptions, WholeNumbersOnly) {
  for (const char* good : {"5", "+5", "005"}) EXPECT_EQ(resolved({{"sunbird_sync_block_size", good}}).options.block_size, 5) << good;
  for (const char* bad : {"", " 5", "5 ", "5.0", "0x5", "1e3", "+-5", "--5", "+", "-"})
    EXPECT_EQ(resolved({{"sunbird_sync_block_size", bad}}).faults.size(), 1u) << bad;
}

TEST(SyncOptions, BlockSizeAndPauseFallBackWithAWarning) {
  const auto out = resolved({{"sunbird_sync_block_size", "-7"}, {"sunbird_sync_sleep_time", "0"}});
  EXPECT_TRUE(out.faults.empty());
  EXPECT_EQ(out.options.block_size, 100);
  EXPECT_EQ(out.options.pause.count(), 10'000);
  EXPECT_TRUE(has(out.warnings, "sunbird_sync_block_size") && has(out.warnings, "sunbird_sync_sleep_time"));
  EXPECT_EQ(resolved({{"sunbird_sync_block_size", "7"}, {"sunbird_sync_sleep_time", "-1"}}).options.pause.count(), 700);
}

TEST(SyncOptions, Booleans) {
  for (const char* word : {"true", "YES", "1"}) EXPECT_TRUE(resolved({{"dry_run", word}}).options.dry_run) << word;
  for (const char* word : {"False", "no", "0"}) EXPECT_FALSE(resolved({{"dry_run", word}}).options.dry_run) << word;
  EXPECT_EQ(resolved({{"dry_run", ""}}).faults.size(), 1u);
}

TEST(SyncOptions, TheTableFollowsTheType) {
  EXPECT_EQ(resolved({{"sunbird_sync_object_type", "batch"}}).options.source(), "sunbird_courses.course_batch.courseid");
  EXPECT_EQ(resolved({{"sunbird_sync_object_type", "Org"}, {"sunbird_cassandra_table", "orgs"}}).options.source(), "sunbird.orgs.id");
  EXPECT_EQ(resolved({{"sunbird_sync_id_file", "f.csv"}}).options.source(), "f.csv");
}

TEST(SyncOptions, VerificationIsForThreeTypesOnly) {
  EXPECT_TRUE(resolved({{"sunbird_sync_operation_type", "sync"}}).options.verify);
  EXPECT_TRUE(has(resolved({{"sunbird_sync_operation_type", "sync"}, {"sunbird_sync_object_type", "batch"}}).faults, "sunbird_sync_operation_type"));
}

TEST(SyncOptions, SecretsComeFromFilesToo) {
  const Settings settings{{"sunbird_sync_api_key_file", "k"}, {"sunbird_cassandra_password_file", "p"}, {"sunbird_cassandra_username", "u"}};
  const auto out =
      resolve(std::span(&settings, 1), [](const std::string& path) -> Result<SecretFile> { return SecretFile{path + "-secret\n\n", path == "k"}; });
  EXPECT_EQ(out.options.api_key, "k-secret\n");
  EXPECT_TRUE(has(out.faults, "sunbird_sync_api_key: ")) << "a line break inside a key cannot be sent";
  EXPECT_EQ(out.options.cassandra.password, "p-secret\n");
  ASSERT_EQ(out.warnings.size(), 1u);
  EXPECT_TRUE(out.warnings[0].contains("chmod 600"));
}

TEST(SyncOptions, TheKeySaysBearerOnce) {
  EXPECT_EQ(resolved({{"sunbird_sync_api_key", "Bearer abc"}}).options.api_key, "abc");
  EXPECT_EQ(resolved({{"sunbird_sync_api_key", "bearer abc"}}).options.api_key, "abc");
  EXPECT_EQ(resolved({{"sunbird_sync_api_key", "Bearerabc"}}).options.api_key, "Bearerabc");
}

TEST(SyncOptions, ContactPoints) {
  EXPECT_EQ(resolved({{"sunbird_cassandra_server", "a, b:1,[::1]:2,,"}}).options.cassandra.hosts, (std::vector<std::string>{"a", "b:1", "[::1]:2"}));
  EXPECT_TRUE(has(resolved({{"sunbird_cassandra_server", ","}}).faults, "sunbird_cassandra_server"));
  EXPECT_TRUE(resolved({{"sunbird_cassandra_server", ""}, {"sunbird_sync_id_file", "f"}}).faults.empty()) << "an id file needs no database";
}

TEST(SyncOptions, APasswordNeedsAUserWhereTheTableIsScanned) {
  EXPECT_TRUE(has(resolved({{"sunbird_cassandra_password", "hush"}}).faults, "sunbird_cassandra_username"));
  EXPECT_TRUE(resolved({{"sunbird_cassandra_password", "hush"}, {"sunbird_sync_id_file", "f"}}).faults.empty());
}

TEST(SyncOptions, SecretsAreMasked) {
  const auto out = resolved({{"sunbird_sync_api_key", "hush"},
                             {"sunbird_cassandra_password", "hush-hush"},
                             {"sunbird_cassandra_username", "u"},
                             {"sunbird_sync_api_endpoint", "https://me:pass@host/v1?x=@"}});
  EXPECT_EQ(shown_url(out.options.endpoint), "https://***@host/v1?x=@");
  EXPECT_EQ(Secrets(out.options).masked("a hush-hush b hush c me:pass pass"), "a *** b *** c *** ***");
  const auto weak = resolved({{"sunbird_sync_api_key", "cassandra"}});
  EXPECT_EQ(Secrets(weak.options).masked("cassandra: set sunbird_cassandra_port, my_cassandra"), "***: set sunbird_cassandra_port, my_***");
  EXPECT_EQ(shown_url("http://host/a@b"), "http://host/a@b");
  EXPECT_EQ(shown_url("me:pass@host"), "***");
}

}  // namespace
}  // namespace lernd::sync
