#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>

#include "world.h"

namespace lernd::bench {

/// Writes what the job sends to Cassandra, Redis, HTTP services and the search index for `count` events about items of the driver limit, from the item `first`
/// on (round them when there are fewer): statement texts with serialised cells, commands in the wire form of Redis, and whole HTTP requests. They come out of
/// the job's own rules, which are run here over a copy of the items in memory, and out of the request code of the adapters; so they cannot drift apart from
/// what the job does. Services are asked once, and so is the search index: an update names the state of its document.
///
/// Left out is what a batch does not repeat either: a question that another event has asked before (the sets of a course that all learners share). The stores
/// are not changed.
///
/// The form, all numbers being little-endian u32, a *text* a number of bytes and these:
///   statements: their number, a text each
///   caches: their number, each a text `host:port` and the number of the database
///   services: their number, each a text `host:port`
///   events: their number, each the number of its steps, each the number of its requests, which go out at once; a step begins when the one before is answered.
///   A request is kCql, the rows that it must return (or kNoRows), the number of its parts, each the index of a statement and a text of cells (several parts
///   are a logged batch); or kRedis, the index of a cache, the number of replies, and a text of commands; or kHttp, the index of a service, and a text.
///
/// Throws when the job does not carry such an event out.
void write_script(World& world, std::size_t first, std::size_t count, std::ostream& out);

inline constexpr std::uint32_t kCql = 0;
inline constexpr std::uint32_t kRedis = 1;
inline constexpr std::uint32_t kHttp = 2;
inline constexpr std::uint32_t kNoRows = 0xffffffff;

}  // namespace lernd::bench
