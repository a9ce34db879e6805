// The process ends at a random point, again and again. Afterwards the cache is that of an undisturbed run, nobody is listed twice, and little was done twice.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/cache_tool/rebuild.h"
#include "support/seed.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

constexpr int kUsers = 400;
constexpr int kBlock = 64;

/// Runs the rebuild in a copy of this process, which ends without a word before its call number `last` of a service or a file. True when it came to its end.
bool run_in_child(const Platform& platform, const RebuildOptions& options, std::uint64_t last) {
  const pid_t child = ::fork();
  if (child == 0) {
    Tool tool(platform);
    std::uint64_t calls = 0;
    const auto step = [&] {
      if (++calls == last) ::_exit(9);
    };
    tool.services.on_http = tool.services.on_cache_read = tool.services.on_cache_write = tool.services.on_flush = step;
    const auto ended = rebuild(options, tool.world());
    ::_exit(ended.end == End::done && ended.report->users == kUsers ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 1) << "status " << status;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(CacheRebuildCrash, TheEndIsThatOfAnUndisturbedRun) {
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 4; ++round) {
    SCOPED_TRACE(round);
    Platform platform(round % 2 == 0 ? "bmgs" : "categories", {{"lernd.http.in_flight_max", "8"}});
    for (int i = 0; i < kUsers; ++i) platform.add_random("user-" + std::to_string(i), random);
    platform.settle();
    const auto undisturbed = platform.copy("undisturbed.sqlite");
    RebuildOptions options{.checkpoint = platform.file("undisturbed")};
    {
      Tool tool(platform, undisturbed);
      ASSERT_EQ(rebuild(options, tool.world()).end, End::done);
    }
    const auto expected_left = lines_of(platform.file("undisturbed.left.csv"));
    options.checkpoint = platform.file("checkpoint");
    int crashes = 0;
    while (!run_in_child(platform, options, 1 + random() % 25)) ASSERT_LT(++crashes, 1000);
    EXPECT_EQ(platform.entries(), Platform::entries_of(undisturbed));
    EXPECT_EQ(lines_of(options.checkpoint + ".left.csv"), expected_left);

    std::map<std::string, int> reads;
    auto database = must(EmbeddedDatabase::open(platform.path()));
    for (const auto& call : must(http_calls(*database))) {
      if (call.path.starts_with("/read/")) ++reads[call.path];
    }
    EXPECT_EQ(reads.size(), static_cast<std::size_t>(kUsers));
    int more = -kUsers;
    for (const auto& [path, count] : reads) more += count;
    EXPECT_LE(more, crashes * kBlock);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace lernd::cache_tool
