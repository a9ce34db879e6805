#include "app/config_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lernd {
namespace {

namespace fs = std::filesystem;

class ConfigFileTest : public testing::Test {
 protected:
  ConfigFileTest() : folder_(fs::temp_directory_path() / ("lernd-config-" + std::to_string(::getpid()))) { fs::create_directories(folder_); }
  ~ConfigFileTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  static std::string value(const Result<ConfigFile>& file, const std::string& key) {
    if (!file) return "error: " + file.error().text;
    const auto found = file->values.find(key);
    return found == file->values.end() ? "absent" : found->second.text;
  }

  std::string where(const Result<ConfigFile>& file, const std::string& key) {
    const auto text = file.value().values.at(key).where;
    return text.substr(text.find(folder_.string()) == 0 ? folder_.string().size() + 1 : 0);
  }

  fs::path folder_;
};

TEST_F(ConfigFileTest, FlattensObjectsAndKeepsLines) {
  const auto file = read_config_file(write("job.conf", "kafka {\n  input.topic = \"a.b\"\n  groupId: g // note\n}\nn = 1.50\nyes = true\nnone = null\n"));
  EXPECT_EQ(value(file, "kafka.input.topic"), "a.b");
  EXPECT_EQ(value(file, "kafka.groupId"), "g");
  EXPECT_EQ(value(file, "n"), "1.50");
  EXPECT_EQ(value(file, "yes"), "true");
  EXPECT_EQ(value(file, "none"), "absent");
  EXPECT_EQ(where(file, "kafka.input.topic"), "job.conf:2");
  EXPECT_EQ(where(file, "kafka.groupId"), "job.conf:3");
}

TEST_F(ConfigFileTest, JoinsLists) {
  const auto file = read_config_text("hosts = [a, \"b c\"]\nhosts += d\n", "text");
  EXPECT_EQ(value(file, "hosts"), "a,b c,d");
}

TEST_F(ConfigFileTest, QuotedKeysLoseTheirQuotes) {
  const auto file = read_config_text("lernd.kafka.client { \"ssl.ca\" = x, ssl.ca.location = y }\n", "text");
  EXPECT_EQ(value(file, "lernd.kafka.client.ssl.ca"), "x");
  EXPECT_EQ(value(file, "lernd.kafka.client.ssl.ca.location"), "y");
}

TEST_F(ConfigFileTest, ReadsIncludesRelativeToTheIncludingFile) {
  write("base/base-config.conf", "job.env = \"here\"\nredis { host = h\n port = 1 }\n");
  const auto path = write("job.conf", "include \"base/base-config.conf\"\nredis.port = 2\nkafka.input.topic = ${job.env}\".x\"\n");
  const auto file = read_config_file(path);
  EXPECT_EQ(value(file, "kafka.input.topic"), "here.x");
  EXPECT_EQ(value(file, "redis.port"), "2");
  EXPECT_EQ(where(file, "redis.port"), "job.conf:2");
  EXPECT_EQ(where(file, "redis.host"), "base/base-config.conf:2");
  EXPECT_EQ(where(file, "kafka.input.topic"), "job.conf:3");
}

TEST_F(ConfigFileTest, ReadsIncludeOfAnAbsoluteFile) {
  const auto base = write("elsewhere/base-config.conf", "job.env = there\n");
  EXPECT_EQ(value(read_config_file(write("job.conf", "include file(\"" + base + "\")\na = 1")), "job.env"), "there");
}

TEST_F(ConfigFileTest, IncludedFilesIncludeOthersAndMayBeJson) {
  write("a/mid.conf", "include \"leaf\"\nmid = ${leaf}2\n");
  write("a/leaf.json", "{\"leaf\": 7}");
  const auto file = read_config_file(write("job.conf", "include \"a/mid.conf\"\n"));
  EXPECT_EQ(value(file, "mid"), "72");
  EXPECT_EQ(where(file, "leaf"), "a/leaf.json:1");
}

TEST_F(ConfigFileTest, AMissingIncludeIsAnErrorThatNamesFileAndLine) {
  const auto file = read_config_file(write("job.conf", "a = 1\ninclude \"base-config.conf\"\n"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::not_found);
  EXPECT_NE(file.error().text.find("job.conf:2: include \"base-config.conf\""), std::string::npos) << file.error().text;
}

TEST_F(ConfigFileTest, TheWordIncludeMayBeAKey) {
  EXPECT_EQ(value(read_config_text("\"include\" = yes\nincludes.more = 1", "text"), "include"), "yes");
  EXPECT_EQ(value(read_config_text("# include \"nothing\"\na = \"include \\\"x\\\"\"", "text"), "a"), "include \"x\"");
}

TEST_F(ConfigFileTest, AFileThatIncludesItselfIsAnError) {
  const auto file = read_config_file(write("job.conf", "include \"job.conf\"\n"));
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().text.find("include each other"), std::string::npos);
}

TEST_F(ConfigFileTest, AMissingFileIsAnError) {
  const auto file = read_config_file((folder_ / "none.conf").string());
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().text.find("none.conf"), std::string::npos);
  EXPECT_FALSE(read_config_file(folder_.string()));
}

struct Broken {
  const char* text;
  const char* says;
};

TEST_F(ConfigFileTest, SyntaxErrorsNameTheLine) {
  for (const auto& broken :
       {Broken{"a = 1\n}\n", "text:2: a '}' closes nothing"}, Broken{"a = 1\nb {\n c = 2\n", "text:2: a '{' is opened and not closed"},
        Broken{"a = [1,\n2\n", "text:1: a '[' is opened and not closed"}, Broken{"a = 1\nb = \"x\nc = 2\n", "text:2: a quote is opened"},
        Broken{"a = 1\nb { \n c == 2\n}\nd = 3\n", "text:3: "}, Broken{"a = 1\n\nb = {{ name | 10 }}\n", "text:3: a template placeholder"},
        Broken{"a = 1\nb = ${nope}\n", "text:2: nothing is set for ${nope}"}, Broken{"include url(\"http://x/y\")\n", "text:1: only files"}}) {
    const auto file = read_config_text(broken.text, "text");
    ASSERT_FALSE(file) << broken.text;
    EXPECT_EQ(file.error().text.substr(0, std::string_view(broken.says).size()), broken.says) << file.error().text;
  }
}

TEST_F(ConfigFileTest, DeepNestingIsAnErrorNotACrash) {
  EXPECT_FALSE(read_config_text(std::string(100000, '{'), "text"));
  EXPECT_FALSE(read_config_text("a = " + std::string(100000, '['), "text"));
}

}  // namespace
}  // namespace lernd
