#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/cassandra/cassandra_store.h"
#include "support/services.h"

namespace lernd::sync {

/// The tables of a case in the real Cassandra.
class TableWorld {
 public:
  explicit TableWorld(Endpoint cassandra);

  /// Makes the keyspaces of these tables anew, with these rows only.
  void fill(const nlohmann::json& tables);
  TableStore& store() { return *store_; }

  const Endpoint& endpoint() const { return endpoint_; }
  std::string host() const { return endpoint_.host; }
  std::string port() const { return std::to_string(endpoint_.port); }

 private:
  Endpoint endpoint_;
  std::unique_ptr<TableStore> store_;
};

}  // namespace lernd::sync
