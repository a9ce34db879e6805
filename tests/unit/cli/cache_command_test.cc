// `lernd cache` as its caller sees it: exit codes, lines, files. What it does to the cache itself is tested beside the tool.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>

#include "support/process.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

using Json = nlohmann::json;
using Lines = std::multiset<std::string>;

constexpr std::chrono::seconds kLimit{60};
const std::string kMark = "MARKED-";

class CacheCommand : public testing::Test {
 protected:
  CacheCommand() { platform_.emplace("bmgs", std::map<std::string, std::string>{{"lernd.breaker.pause_ms", "100"}, {"lernd.log.level", "debug"}}); }

  /// Three users who can be read, one who is blocked, and one whom nobody knows.
  void add_five() {
    for (const char* id : {"a", "b", "c"}) platform_->add_plain(id);
    platform_->add("gone", Platform::blocked());
    platform_->add("nobody", Platform::unknown());
  }

  Command command(const std::string& verb, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{LERND_BINARY, "cache", verb};
    const auto platform = platform_->words();
    words.insert(words.end(), platform.begin(), platform.end());
    if (verb == "rebuild") words.insert(words.end(), {"--checkpoint", checkpoint()});
    words.insert(words.end(), more.begin(), more.end());
    return {.words = std::move(words)};
  }
  Finished rebuild(const std::vector<std::string>& more = {}) const { return run(command("rebuild", more), kLimit); }
  Finished check(const std::vector<std::string>& more = {}) const { return run(command("check", more), kLimit); }

  std::string checkpoint() const { return platform_->file("checkpoint"); }
  std::string left() const { return checkpoint() + ".left.csv"; }
  std::size_t profiles_read() const {
    auto database = must(EmbeddedDatabase::open(platform_->path()));
    return must(http_calls(*database)).size();
  }

  std::optional<Platform> platform_;
};

/// A report without what depends on the day.
std::string timeless(const std::string& report) { return std::regex_replace(report, std::regex(R"(  time +[0-9][^\n]*, [0-9]+ users/s\n)"), "  time\n"); }

TEST_F(CacheCommand, ARebuildTellsWhatItCameTo) {
  add_five();
  platform_->settle();
  const auto done = rebuild();
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(timeless(done.out),
            "\nuser cache, rebuild of sunbird.user.id\n  users             5\n  written           3\n  unknown           1\n  blocked           1\n"
            "  failed            0\n  time\n  left out          " +
                left() + "\n");
  EXPECT_TRUE(done.err.contains("100 %  5/5 ids")) << done.err;
  EXPECT_FALSE(done.err.contains('\r')) << "a bar without a terminal";
  EXPECT_EQ(lines_of(left()), (Lines{"gone,blocked", "nobody,unknown"}));
  EXPECT_EQ(platform_->entries().size(), 3U);

  const auto quiet = rebuild({"--progress", "none"});
  EXPECT_EQ(quiet.code, 0);
  EXPECT_TRUE(quiet.err.empty()) << quiet.err;
}

TEST_F(CacheCommand, ARebuildThatFailsForSomeExitsWithOne) {
  add_five();
  platform_->add("refused", Platform::error("CLIENT_ERROR", "UOS_OTHER", 400));
  platform_->settle();
  const auto done = rebuild();
  EXPECT_EQ(done.code, 1);
  EXPECT_TRUE(done.out.contains("  failed            1 (bad_answer 1)\n")) << done.out;
  EXPECT_EQ(lines_of(left()), (Lines{"gone,blocked", "nobody,unknown", "refused,failed,bad_answer"}));
}

TEST_F(CacheCommand, ADryRunWritesNothing) {
  add_five();
  platform_->settle();
  platform_->put_entry("b", {{"firstname", "Old"}});
  const auto before = platform_->entries();
  const auto told = rebuild({"--dry-run"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_EQ(
      timeless(told.out),
      "\nuser cache, dry run of a rebuild of sunbird.user.id\n  users             5\n  would be made     2\n  would be changed  1\n  would stay        0\n"
      "  unknown           1\n  blocked           1\n  failed            0\n  time\n");
  EXPECT_EQ(platform_->entries(), before);
  for (const char* end : {"", ".tail", ".ids", ".left.csv"}) EXPECT_FALSE(std::filesystem::exists(checkpoint() + end)) << end;
}

TEST_F(CacheCommand, IdsMayComeByStandardInput) {
  add_five();
  platform_->settle();
  std::string line = R"(printf 'a\n"c"\nnot an id\na\n' | ")" + std::string(LERND_BINARY) + R"(" "$@")";
  auto words = command("rebuild", {"--ids", "-"}).words;
  words.front() = "sh";
  words.insert(words.begin(), {"sh", "-c", line});
  const auto done = run({.words = words}, kLimit);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(done.out.contains("user cache, rebuild of -\n  users             2\n  written           2\n")) << done.out;
  EXPECT_TRUE(done.err.contains("lernd cache rebuild: - holds what is no id and was left out: space 1; the first is in line 3")) << done.err;
  EXPECT_EQ(platform_->entries().size(), 2U);
}

/// One user an hour: the first is done at once, and the second is waited for as long as nobody ends that.
const std::vector<std::string> kSlow{"--rate", "1/h", "--progress", "lines"};

TEST_F(CacheCommand, ASignalStopsARebuildAndTheSameCommandGoesOn) {
  for (const char* id : {"a", "b", "c"}) platform_->add_plain(id);
  platform_->settle();
  Process process(command("rebuild", kSlow));
  ASSERT_TRUE(process.wait_for_output("33 %  1/3 ids", kLimit)) << process.err();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(kLimit), 3) << process.err();
  for (const char* part : {"lernd cache rebuild: stopping: the users at hand are finished; a second signal ends at once\n",
                           "lernd cache rebuild: stopped; the same command goes on from here\n"}) {
    EXPECT_TRUE(process.err().contains(part)) << part << process.err();
  }
  EXPECT_TRUE(process.out().contains("  written           1\n")) << process.out();
  EXPECT_TRUE(process.out().contains("  left to do        2\n")) << process.out();
  EXPECT_TRUE(process.out().contains("  checkpoint        " + checkpoint() + "\n")) << process.out();

  const auto rest = rebuild();
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_TRUE(rest.out.contains("  users             3\n  done before       1\n  written           3\n")) << rest.out;
  EXPECT_FALSE(std::filesystem::exists(checkpoint()));
  EXPECT_EQ(profiles_read(), 3U);
}

TEST_F(CacheCommand, ACheckpointHasOneRunAtATimeAndBelongsToItsUsers) {
  for (const char* id : {"a", "b", "c"}) platform_->add_plain(id);
  platform_->settle();
  Process process(command("rebuild", kSlow));
  ASSERT_TRUE(process.wait_for_output("33 %  1/3 ids", kLimit)) << process.err();
  const auto second = rebuild();
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(second.err.contains("--checkpoint")) << second.err;
  EXPECT_TRUE(second.out.empty()) << second.out;
  process.kill();

  std::ofstream(platform_->file("ids.csv")) << "c\n";
  const auto other = rebuild({"--ids", platform_->file("ids.csv")});
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(other.err.contains(checkpoint() + " belongs to other users, another cache or another user service; give another --checkpoint, or begin anew with "
                                                "--restart"))
      << other.err;
  EXPECT_EQ(profiles_read(), 1U);
  const auto anew = rebuild({"--ids", platform_->file("ids.csv"), "--restart"});
  EXPECT_EQ(anew.code, 0) << anew.err;
  EXPECT_TRUE(anew.out.contains("  users             1\n  written           1\n")) << anew.out;
}

TEST_F(CacheCommand, ACheckTellsWhatIsRightMissingAndStale) {
  add_five();
  platform_->settle();
  ASSERT_EQ(rebuild().code, 0);
  const auto right = check();
  EXPECT_EQ(right.code, 0) << right.err;
  EXPECT_TRUE(right.out.contains("  right                          3    60.0 %\n  missing                        0     0.0 %\n")) << right.out;

  auto spoiled = platform_->entries().at("user:b");
  spoiled["firstname"] = "Old";
  spoiled["state"] = "Gone";
  platform_->put_entry("b", spoiled);
  platform_->add_plain("new");
  platform_->settle();
  const std::string list = platform_->file("list.csv");
  const auto found = check({"--seed", "7", "--list", list});
  EXPECT_EQ(found.code, 1);
  EXPECT_EQ(found.out,
            "\nuser cache, check of sunbird.user.id, sample with --seed 7\n"
            "  users                          6   100.0 %\n"
            "  right                          2    33.3 %\n"
            "  missing                        1    16.7 %\n"
            "  stale                          1    16.7 %\n"
            "    firstname                    1    16.7 %\n"
            "    state                        1    16.7 %\n"
            "  not judged                     2    33.3 %\n"
            "    unknown                      1    16.7 %\n"
            "    blocked                      1    16.7 %\n"
            "    failed                       0     0.0 %\n"
            "  ids of those that are missing or stale: " +
                list + "\n");
  EXPECT_EQ(lines_of(list), (Lines{"b", "new"}));

  const auto line = check({"--seed", "7", "--format", "json", "--progress", "none"});
  EXPECT_EQ(line.code, 1);
  EXPECT_TRUE(line.err.empty()) << line.err;
  auto json = Json::parse(line.out);
  EXPECT_GE(json["elapsed_ms"].get<int>(), 0);
  json.erase("elapsed_ms");
  EXPECT_EQ(json, Json::parse(R"({"source":"sunbird.user.id","seed":7,"users":6,"right":2,"missing":1,"stale":1,"stale_fields":{"firstname":1,"state":1},
                                  "not_judged":{"unknown":1,"blocked":1,"failed":0}})"));
  EXPECT_EQ(std::ranges::count(line.out, '\n'), 1);

  // As the manual says: what is listed is built anew, and all is well.
  EXPECT_EQ(rebuild({"--ids", list}).code, 0);
  EXPECT_EQ(check({"--ids", list}).code, 0);
}

TEST_F(CacheCommand, ACheckThatCannotReadSomebodyExitsWithOne) {
  platform_->add("refused", Platform::error("CLIENT_ERROR", "UOS_OTHER", 400));
  platform_->settle();
  const auto found = check();
  EXPECT_EQ(found.code, 1);
  EXPECT_TRUE(found.out.contains("    failed                       1   100.0 %\n")) << found.out;
}

TEST_F(CacheCommand, AServiceThatStaysAwayEndsBothWithThree) {
  platform_->add("a", Platform::fault(HttpStub::Fault::refused, 1'000'000));
  platform_->settle();
  for (const auto& ended : {rebuild({"--wait-max", "1"}), check({"--wait-max", "1"})}) {
    EXPECT_EQ(ended.code, 3) << ended.err;
    EXPECT_TRUE(ended.err.contains(": waiting: ")) << ended.err;
    EXPECT_TRUE(ended.err.contains(": waited 1 s in vain: ")) << ended.err;
    EXPECT_TRUE(ended.err.contains("service userorg refused the connection")) << ended.err;
  }
}

TEST_F(CacheCommand, ATableThatIsNotThereIsAWrongOption) {
  platform_->settle();
  for (const char* verb : {"rebuild", "check"}) {
    const auto told = run(command(verb, {"--table", "sunbird.nobody"}), kLimit);
    EXPECT_EQ(told.code, 2) << told.err;
    EXPECT_TRUE(told.err.contains("sunbird.nobody") && told.err.contains("set --table")) << told.err;
    const auto column = run(command(verb, {"--column", "name"}), kLimit);
    EXPECT_EQ(column.code, 2) << column.err;
    EXPECT_TRUE(column.err.contains("set --column")) << column.err;
    EXPECT_TRUE(told.out.empty() && column.out.empty());
  }
  for (const char* end : {"", ".tail", ".ids", ".left.csv"}) EXPECT_FALSE(std::filesystem::exists(checkpoint() + end)) << end;
}

TEST_F(CacheCommand, NothingOfAPersonAndNoSecretShows) {
  const auto marked = [](const std::string& what) { return kMark + what; };
  platform_->add("found", Platform::found({{"userId", marked("id")},
                                           {"firstName", marked("first")},
                                           {"encEmail", marked("mail")},
                                           {"encPhone", marked("phone")},
                                           {"userLocations", {{{"type", "state"}, {"name", marked("place")}}}}}));
  platform_->add("refused", {.method = "GET", .status = 400, .body = R"({"responseCode":"CLIENT_ERROR","params":{"err":"MARKED-","errmsg":"MARKED-"}})"});
  platform_->add("garbage", {.method = "GET", .body = marked("body")});
  platform_->settle();
  platform_->put_entry("found", {{"firstname", marked("old")}});
  std::ofstream(platform_->file("ids.csv")) << "found\n" << marked(" Rao, Asha") << "\n";

  const std::string list = platform_->file("list.csv");
  std::string seen;
  for (std::vector<std::string> more : {std::vector<std::string>{"--ids", platform_->file("ids.csv")}, {"--dry-run"}, {"--restart"}}) {
    more.insert(more.end(), {"--set", "lernd.redis-meta.password=" + marked("secret"), "--set", "lernd.retry.attempts_max=2"});
    const auto built = rebuild(more);
    EXPECT_LE(built.code, 1) << built.err;
    seen += built.out + built.err;
    if (more.front() == "--dry-run") continue;
    EXPECT_EQ(platform_->entries().at("user:found").at("firstname"), marked("first"));
  }
  platform_->put_entry("found", {{"firstname", marked("old")}});
  for (const char* format : {"text", "json"}) {
    const auto checked = check({"--list", list, "--format", format, "--set", "lernd.retry.attempts_max=2"});
    EXPECT_EQ(checked.code, 1) << checked.err;
    seen += checked.out + checked.err;
  }
  for (const auto& path : {list, left()}) {
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    for (const auto& line : lines_of(path)) seen += line;
  }
  EXPECT_TRUE(seen.contains("firstname")) << "names of fields do";
  EXPECT_FALSE(seen.contains(kMark)) << seen;
  EXPECT_FALSE(seen.contains("Asha")) << seen;
}

}  // namespace
}  // namespace lernd::cache_tool
