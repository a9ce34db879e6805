#include "adapters/redis/redis_commands.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lernd {
namespace {

const CacheId kCache{.endpoint = "redis", .database = 1};

CacheWrite write_of(CacheWrite::Kind kind, std::string key, CacheValue value = {}, std::chrono::seconds expiry = {}) {
  return {.kind = kind, .cache = kCache, .key = std::move(key), .value = std::move(value), .expiry = expiry};
}

CacheValue text(std::string text) { return {.text = std::move(text)}; }
CacheValue members(std::vector<std::string> members) { return {.members = std::move(members)}; }
CacheValue fields(std::vector<std::pair<std::string, std::string>> fields) { return {.fields = std::move(fields)}; }

/// The commands of a group as lines of words, without the transaction around them.
std::string lines_of(const CacheGroup& group, const std::set<std::string>& foreign = {}) {
  RedisCommands commands;
  append_group(commands, group, foreign);
  std::string lines;
  std::string_view rest = commands.bytes();
  const auto line = [&rest] {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return std::string(line);
  };
  while (!rest.empty()) {
    const std::string head = line();
    EXPECT_EQ(head.front(), '*');
    for (int words = std::stoi(head.substr(1)); words > 0; --words) {
      const auto length = static_cast<std::size_t>(std::stoul(line().substr(1)));
      lines.append(rest.substr(0, length)).append(words > 1 ? " " : "\n");
      rest.remove_prefix(length + 2);
    }
  }
  EXPECT_TRUE(lines.starts_with("MULTI\n") && lines.ends_with("EXEC\n")) << lines;
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(lines, '\n')), commands.count());
  return lines.substr(6, lines.size() - 11);
}

TEST(RedisCommands, CountsBytesNotCharacters) {
  RedisCommands commands;
  commands.add({"GET", "é\r\n"});
  EXPECT_EQ(commands.bytes(), "*2\r\n$3\r\nGET\r\n$4\r\né\r\n\r\n");
  EXPECT_EQ(commands.count(), 1u);
  commands.clear();
  EXPECT_EQ(commands.bytes(), "");
  EXPECT_EQ(commands.count(), 0u);
}

TEST(RedisCommands, ReadOfEachKind) {
  RedisCommands commands;
  for (const auto kind : {CacheKind::text, CacheKind::set, CacheKind::hash}) append_read(commands, {.cache = kCache, .kind = kind, .key = "k"});
  EXPECT_EQ(commands.bytes(),
            "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
            "*2\r\n$8\r\nSMEMBERS\r\n$1\r\nk\r\n"
            "*2\r\n$7\r\nHGETALL\r\n$1\r\nk\r\n");
  EXPECT_EQ(commands.count(), 3u);
}

TEST(RedisCommands, ReadOfSomeFields) {
  RedisCommands commands;
  append_read(commands, {.cache = kCache, .kind = CacheKind::hash, .key = "k", .fields = {"f", "g"}});
  EXPECT_EQ(commands.bytes(), "*4\r\n$5\r\nHMGET\r\n$1\r\nk\r\n$1\r\nf\r\n$1\r\ng\r\n");
}

TEST(RedisCommands, TextWithAndWithoutExpiry) {
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_text, "k", text("v"))}), "SET k v\n");
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_text, "k", text("v"), std::chrono::seconds(60))}), "SET k v EX 60\n");
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_text, "k")}), "DEL k\n");
}

TEST(RedisCommands, SetReplacesTheWholeValue) {
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_set, "k", members({"a", "b"}))}), "DEL k\nSADD k a b\n");
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_set, "k", members({"a"}), std::chrono::seconds(9))}), "DEL k\nSADD k a\nEXPIRE k 9\n");
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_set, "k")}), "DEL k\n");
}

TEST(RedisCommands, LargeSetComesInPieces) {
  std::vector<std::string> many(2001, "m");
  const std::string lines = lines_of({write_of(CacheWrite::Kind::put_set, "k", members(std::move(many)))});
  EXPECT_EQ(std::ranges::count(lines, '\n'), 4);
  EXPECT_EQ(std::ranges::count(lines, 'm'), 2001);
  EXPECT_TRUE(lines.ends_with("SADD k m\n"));
}

TEST(RedisCommands, HashReplacesAndFieldsAreAdded) {
  const auto value = fields({{"f", "1"}, {"g", "2"}});
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_hash, "k", value)}), "DEL k\nHSET k f 1 g 2\n");
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_fields, "k", value)}), "HSET k f 1 g 2\nPERSIST k\n");
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_fields, "k", value, std::chrono::seconds(5))}), "HSET k f 1 g 2\nEXPIRE k 5\n");
}

TEST(RedisCommands, DroppedFieldsGoBeforeOthersArePut) {
  CacheWrite write = write_of(CacheWrite::Kind::put_fields, "k", fields({{"f", "1"}}), std::chrono::seconds(5));
  write.drop = {"f", "g"};
  EXPECT_EQ(lines_of({write}), "HDEL k f g\nHSET k f 1\nEXPIRE k 5\n");
  EXPECT_EQ(lines_of({write}, {"k"}), "DEL k\nHDEL k f g\nHSET k f 1\nEXPIRE k 5\n");
}

TEST(RedisCommands, ForeignKeyIsDeletedBeforeFieldsArePut) {
  const auto value = fields({{"f", "1"}});
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_fields, "k", value), write_of(CacheWrite::Kind::put_fields, "l", value)}, {"l"}),
            "HSET k f 1\nPERSIST k\nDEL l\nHSET l f 1\nPERSIST l\n");
}

TEST(RedisCommands, GroupKeepsItsOrder) {
  EXPECT_EQ(lines_of({write_of(CacheWrite::Kind::put_text, "k", text("v")), write_of(CacheWrite::Kind::erase, "k")}), "SET k v\nDEL k\n");
}

}  // namespace
}  // namespace lernd
