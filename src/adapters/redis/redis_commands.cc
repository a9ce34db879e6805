#include "adapters/redis/redis_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

namespace lernd {
namespace {

/// Members or fields of one command. A server handles a command as a whole, so a very large set comes in pieces that let other clients in between; inside
/// `MULTI` they still become visible together.
constexpr std::size_t kChunk = 1000;

template <class Item, class AddItem>
void append_chunks(RedisCommands& commands, std::string_view name, std::string_view key, std::span<const Item> items, std::size_t words_per_item,
                   AddItem add_item) {
  for (; !items.empty(); items = items.subspan(std::min(kChunk, items.size()))) {
    const auto chunk = items.first(std::min(kChunk, items.size()));
    commands.begin(2 + words_per_item * chunk.size());
    commands.word(name);
    commands.word(key);
    for (const Item& item : chunk) add_item(item);
  }
}

void append_names(RedisCommands& commands, std::string_view name, std::string_view key, const std::vector<std::string>& names) {
  append_chunks(commands, name, key, std::span(names), 1, [&](const std::string& one) { commands.word(one); });
}

void append_fields(RedisCommands& commands, const CacheWrite& write) {
  append_chunks(commands, "HSET", write.key, std::span(write.value.fields), 2, [&](const auto& field) {
    commands.word(field.first);
    commands.word(field.second);
  });
}

void append_expiry(RedisCommands& commands, const CacheWrite& write) {
  if (write.expiry.count() > 0) commands.add({"EXPIRE", write.key, fmt::to_string(write.expiry.count())});
}

void append_text(RedisCommands& commands, const CacheWrite& write) {
  if (!write.value.text) {
    commands.add({"DEL", write.key});
  } else if (write.expiry.count() > 0) {
    commands.add({"SET", write.key, *write.value.text, "EX", fmt::to_string(write.expiry.count())});
  } else {
    commands.add({"SET", write.key, *write.value.text});
  }
}

void append_write(RedisCommands& commands, const CacheWrite& write, bool foreign) {
  switch (write.kind) {
    case CacheWrite::Kind::put_text:
      return append_text(commands, write);
    case CacheWrite::Kind::put_set:
      commands.add({"DEL", write.key});
      append_names(commands, "SADD", write.key, write.value.members);
      return append_expiry(commands, write);
    case CacheWrite::Kind::put_hash:
      commands.add({"DEL", write.key});
      append_fields(commands, write);
      return append_expiry(commands, write);
    case CacheWrite::Kind::put_fields:
      if (foreign) commands.add({"DEL", write.key});
      append_names(commands, "HDEL", write.key, write.drop);
      append_fields(commands, write);
      if (write.expiry.count() == 0) commands.add({"PERSIST", write.key});
      return append_expiry(commands, write);
    case CacheWrite::Kind::erase:
      return commands.add({"DEL", write.key});
  }
}

}  // namespace

void RedisCommands::begin(std::size_t words) {
  fmt::format_to(std::back_inserter(bytes_), "*{}\r\n", words);
  ++count_;
}

void RedisCommands::word(std::string_view word) {
  fmt::format_to(std::back_inserter(bytes_), "${}\r\n", word.size());
  bytes_.append(word).append("\r\n");
}

void RedisCommands::add(std::initializer_list<std::string_view> words) {
  begin(words.size());
  for (const auto word : words) this->word(word);
}

void RedisCommands::clear() {
  bytes_.clear();
  count_ = 0;
}

void append_read(RedisCommands& commands, const CacheQuery& query) {
  switch (query.kind) {
    case CacheKind::text:
      return commands.add({"GET", query.key});
    case CacheKind::set:
      return commands.add({"SMEMBERS", query.key});
    case CacheKind::hash:
      if (query.fields.empty()) return commands.add({"HGETALL", query.key});
      commands.begin(2 + query.fields.size());
      commands.word("HMGET");
      commands.word(query.key);
      for (const std::string& field : query.fields) commands.word(field);
  }
}

void append_group(RedisCommands& commands, const CacheGroup& group, const std::set<std::string>& foreign) {
  commands.add({"MULTI"});
  for (const CacheWrite& write : group) append_write(commands, write, foreign.contains(write.key));
  commands.add({"EXEC"});
}

}  // namespace lernd
