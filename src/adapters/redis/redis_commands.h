#pragma once

#include <cstddef>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "core/ask.h"
#include "core/plan.h"

namespace lernd {

/// Commands in the wire form of Redis, one behind the other, ready to be sent. Every command brings one reply.
class RedisCommands {
 public:
  /// Starts a command of that many words; as many calls of `word` follow.
  void begin(std::size_t words);
  void word(std::string_view word);
  void add(std::initializer_list<std::string_view> words);

  void clear();
  std::string_view bytes() const { return bytes_; }
  std::size_t count() const { return count_; }

 private:
  std::string bytes_;
  std::size_t count_ = 0;
};

/// The one command that reads the key.
void append_read(RedisCommands& commands, const CacheQuery& query);

/// The transaction that carries out the group. Of `foreign` keys, which hold no hash, the value is deleted before fields are put; other keys keep their fields.
void append_group(RedisCommands& commands, const CacheGroup& group, const std::set<std::string>& foreign = {});

}  // namespace lernd
