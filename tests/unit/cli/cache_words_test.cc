// `lernd cache` at the command line: what its help says, and what is said of words that are wrong. Nothing is done for any of them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "conformance/temporary_folder.h"
#include "support/process.h"

namespace lernd {
namespace {

constexpr std::chrono::seconds kLimit{60};

class CacheWords : public testing::Test {
 protected:
  /// In a folder of its own, where a run would leave its files.
  Finished lernd(std::vector<std::string> words) const {
    words.insert(words.begin(), LERND_BINARY);
    return run({.words = std::move(words), .directory = folder_.path()}, kLimit);
  }

  TemporaryFolder folder_;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::set<std::string> options_in(const std::string& text) {
  static const std::regex option("--[a-z][a-z-]*");
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) found.insert(at->str());
  return found;
}

TEST_F(CacheWords, HelpNamesCommandsAndOptions) {
  const auto help = lernd({"cache", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.err.empty()) << help.err;
  for (const char* part : {"Usage: lernd cache", "rebuild", "check", "user-cache-updater"}) EXPECT_TRUE(help.out.contains(part)) << part << "\n" << help.out;

  const std::set<std::string> shared{"--help", "--config", "--set", "--embedded", "--ids", "--table", "--column", "--in-flight", "--wait-max", "--progress"};
  const std::map<std::string, std::set<std::string>> own{{"rebuild", {"--rate", "--checkpoint", "--restart", "--dry-run"}},
                                                         {"check", {"--sample", "--seed", "--list", "--format"}}};
  for (const auto& [command, options] : own) {
    const auto found = lernd({"cache", command, "--help"});
    EXPECT_EQ(found.code, 0);
    const auto named = options_in(found.out);
    for (const auto& option : shared) EXPECT_TRUE(named.contains(option)) << command << " " << option;
    for (const auto& option : options) EXPECT_TRUE(named.contains(option)) << command << " " << option;
    for (const char* part : {"Examples:", "Exit codes: 0 ", "1 some", "2 usage", "3 stopped"}) EXPECT_TRUE(found.out.contains(part)) << part;
  }
}

TEST_F(CacheWords, TheManualSpeaksOfOptionsThatAreThere) {
  std::ifstream in(LERND_DOCS "/cache.md");
  const auto manual = options_in(std::string(std::istreambuf_iterator<char>(in), {}));
  EXPECT_GE(manual.size(), 12U);
  const auto there = options_in(lernd({"cache", "rebuild", "--help"}).out + lernd({"cache", "check", "--help"}).out);
  for (const auto& option : manual) EXPECT_TRUE(there.contains(option)) << option;
}

/// Words, and what is said of them.
struct Wrong {
  std::string words;
  std::string says;
};

TEST_F(CacheWords, WrongOnesAreToldWithTheNearestNameAndNothingIsDone) {
  const Wrong wrongs[] = {
      {"cach rebuild", "lernd: there is no command cach; did you mean cache?"},
      {"cache", "lernd cache: a command is missing: rebuild, check"},
      {"cache rebild", "lernd cache: there is no command rebild; did you mean rebuild?"},
      {"cache sweep", "lernd cache: there is no command sweep; `lernd cache --help` lists all"},
      {"cache --rate 5", "lernd cache: there is no option --rate; `lernd cache --help` lists all"},
      {"cache rebuild --rat 500/s", "lernd cache rebuild: there is no option --rat; did you mean --rate?"},
      {"cache rebuild --chekpoint=x", "lernd cache rebuild: there is no option --chekpoint; did you mean --checkpoint?"},
      {"cache rebuild --dryrun", "lernd cache rebuild: there is no option --dryrun; did you mean --dry-run?"},
      {"cache rebuild --sample 5", "lernd cache rebuild: there is no option --sample; `lernd cache rebuild --help` lists all"},
      {"cache check --sampel 5", "lernd cache check: there is no option --sampel; did you mean --sample?"},
      {"cache check --checkpoint x", "lernd cache check: there is no option --checkpoint; `lernd cache check --help` lists all"},
      {"cache check -x5", "lernd cache check: there is no option -x; "},
      {"cache rebuild users.csv", "lernd cache rebuild: users.csv stands behind no option; `lernd cache rebuild --help` says more"},
      {"cache rebuild --rate fast", "lernd cache rebuild: --rate fast is no rate, for example 500/s, 30/m or 1000/h"},
      {"cache rebuild --rate -5", "lernd cache rebuild: --rate -5 is no rate"},
      {"cache rebuild --rate 5/d", "lernd cache rebuild: --rate 5/d is no rate"},
      {"cache rebuild --table user", "lernd cache rebuild: --table user is not KEYSPACE.TABLE, for example sunbird.user"},
      {"cache check --table sunbird.", "lernd cache check: --table sunbird. is not KEYSPACE.TABLE"},
      {"cache rebuild --in-flight 0", "lernd cache rebuild: --in-flight: Value 0 not in range 1 to 1000; "},
      {"cache rebuild --wait-max -1", "lernd cache rebuild: --wait-max: Value -1 not in range 0 to 31536000; "},
      {"cache rebuild --wait-max", "lernd cache rebuild: --wait-max: "},
      {"cache check --sample 0", "lernd cache check: --sample: Value 0 not in range 1 to "},
      {"cache check --ids users.csv --sample 5", "lernd cache check: --ids excludes --sample; "},
      {"cache check --ids users.csv --seed 5", "lernd cache check: --ids excludes --seed; "},
      {"cache rebuild --ids users.csv --table a.b", "lernd cache rebuild: --ids excludes --table; "},
      {"cache check --format xml", "lernd cache check: --format: xml not in {text,json}; "},
      {"cache rebuild --progress dots", "lernd cache rebuild: --progress: dots not in {auto,bar,lines,none}; "},
      {"cache rebuild --config none.conf", "lernd cache rebuild: there is no readable configuration file none.conf"},
      {"cache rebuild --set lernd.http.in_flight=4", "--set lernd.http.in_flight: there is no such option; did you mean lernd.http.in_flight_max?"},
      {"cache check --set user.cache.layuot=bmgs", "--set user.cache.layuot: there is no such option; did you mean user.cache.layout?"},
      {"cache rebuild --set user-read.api.url=/x/ --set service.userorg.basePath=", "user-read.api.url = \"/x/\" names no host"},
  };
  for (const auto& [words, says] : wrongs) {
    const auto told = lernd(split(words));
    EXPECT_EQ(told.code, 2) << words;
    EXPECT_TRUE(told.out.empty()) << words << "\n" << told.out;
    EXPECT_TRUE(told.err.contains(says)) << words << "\n" << told.err;
    EXPECT_TRUE(told.err.starts_with("lernd")) << words << "\n" << told.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << words;
  }
}

TEST_F(CacheWords, SecretsAmongThemAreNotRepeated) {
  const std::string secret = "open-sesame";
  const std::vector<std::string> asks[] = {{"--pasword", secret},
                                           {"--password=" + secret},
                                           {"-p" + secret},
                                           {"--set", "lernd.redis-meta.pasword=" + secret},
                                           {"--set", "lernd.cassandra.password=" + secret, "--set", "redis-meta.port=none"},
                                           {"--set", "lernd.redis-meta.password=" + secret, "--rate", "none"}};
  for (const char* command : {"rebuild", "check"}) {
    for (auto words : asks) {
      words.insert(words.begin(), {"cache", command});
      const auto told = lernd(words);
      EXPECT_EQ(told.code, 2) << told.err;
      EXPECT_FALSE(told.err.empty());
      EXPECT_FALSE((told.out + told.err).contains(secret)) << told.err;
    }
  }
}

}  // namespace
}  // namespace lernd
