#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/cassandra/cql_request.h"
#include "adapters/elasticsearch/elasticsearch_requests.h"
#include "adapters/redis/redis_commands.h"
#include "core/cql_type.h"
#include "world.h"

namespace lernd::bench {

void append_number(std::size_t number, std::string& bytes);
void append_text(std::string_view text, std::string& bytes);

/// Requests in the form of the script (script.h), with the statements, caches and services they refer to.
class ScriptEncoder {
 public:
  explicit ScriptEncoder(const World& world);

  /// A read that gives so many rows.
  std::string request(const RowsQuery& query, std::size_t rows);
  std::string request(const RowGroup& group, WriteTime time);
  std::string request(const CacheId& cache, const RedisCommands& commands);
  std::string request(const HttpQuery& query);
  /// To the first of the index servers.
  std::string request(const elasticsearch::Request& request);

  /// Statements, caches and services of all requests so far.
  std::string head() const;

 private:
  void append_part(const cassandra::CqlStatement& statement, const TableName& table, WriteTime time, std::string& bytes);

  const World& world_;
  std::map<std::pair<TableName, std::string>, CqlType> types_;
  std::map<std::string, std::size_t> indices_;
  std::vector<std::string> texts_;
  std::vector<CacheId> caches_;
  std::vector<std::string> services_;  ///< as `host:port`
};

}  // namespace lernd::bench
