#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/document.h"
#include "core/table.h"

namespace lernd {

/// Rows whose key columns equal the given values: a prefix of the primary key that covers the partition key, or nothing for the whole table.
///
/// `columns` are the ones wanted; empty means all the table has.
struct RowsQuery {
  TableName table;
  std::vector<std::string> columns;
  std::vector<Cell> key;
  bool operator==(const RowsQuery&) const = default;
};

/// A database of a cache server. `endpoint` is the prefix of the options that say where it is: `redis`, `redis-meta`, `dedup-redis`, `dp-redis`.
struct CacheId {
  std::string endpoint;
  int database = 0;
  auto operator<=>(const CacheId&) const = default;
};

enum class CacheKind { text, set, hash };

/// The value under one key of a cache. A missing key is an answer like any other: an absent text, an empty set, an empty hash.
///
/// `fields` narrows the question to these fields of a hash; the answer leaves out those that are not there. Empty means all it has.
/// `attempt` > 0 asks for the same key once more, after a short pause of the runtime, because a value read as missing may just have been in replacement.
struct CacheQuery {
  CacheId cache;
  CacheKind kind = CacheKind::set;
  std::string key;
  int attempt = 0;
  std::vector<std::string> fields = {};
  bool operator==(const CacheQuery&) const = default;
};

/// The value of a cache key. Which member counts says the kind asked for. Members of a set and fields of a hash are sorted.
struct CacheValue {
  std::optional<std::string> text;
  std::vector<std::string> members;
  std::vector<std::pair<std::string, std::string>> fields;

  bool missing() const { return !text && members.empty() && fields.empty(); }
  bool operator==(const CacheValue&) const = default;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::vector<Header> headers = {};  ///< only those that the client was told to keep
  bool operator==(const HttpAnswer&) const = default;
};

/// A call to a service. Calls with the same method, url, headers and body are one call.
///
/// One that `changes` something there is made at least once, whatever becomes of the event afterwards, and has status 0 when its service cannot be reached; a
/// dry run does not make it and takes it as done. All others only read.
/// `remember` keeps an answer for that long, over all batches of the process, if `worth_keeping` says so of it. `failure` says of an answer that the service
/// itself is at fault; a kept answer stands in, however old, while that is so or the service cannot be reached.
struct HttpQuery {
  std::string service;  ///< a short name for metrics and messages, for example `search`
  std::string method;
  std::string url;
  std::vector<Header> headers;
  std::string body;
  std::chrono::seconds remember{0};
  bool (*worth_keeping)(const HttpAnswer&) = nullptr;
  bool (*failure)(const HttpAnswer&) = nullptr;
  bool changes = false;

  bool operator==(const HttpQuery& other) const { return method == other.method && url == other.url && headers == other.headers && body == other.body; }
};

/// The reads that the rules still need. An empty one means that nothing is missing.
struct Ask {
  std::vector<RowsQuery> rows;
  std::vector<CacheQuery> cache;
  std::vector<HttpQuery> http;
  std::vector<DocumentId> documents = {};

  bool pending() const { return !rows.empty() || !cache.empty() || !http.empty() || !documents.empty(); }
  bool operator==(const Ask&) const = default;
};

std::size_t hash_of(const RowsQuery& query);
std::size_t hash_of(const CacheQuery& query);
std::size_t hash_of(const HttpQuery& query);

/// For hashed containers of queries.
struct QueryHash {
  template <class Query>
  std::size_t operator()(const Query& query) const {
    return hash_of(query);
  }
};

}  // namespace lernd
