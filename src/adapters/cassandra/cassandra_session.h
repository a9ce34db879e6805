#pragma once

#include <functional>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/cassandra/cassandra_error.h"
#include "adapters/cassandra/cassandra_store.h"
#include "adapters/cassandra/driver/driver.h"
#include "core/cql_type.h"
#include "core/table.h"

namespace lernd::cassandra {

/// Frees what the driver returned.
struct DriverFree {
  void operator()(lernd_cql_session* session) const { lernd_cql_session_free(session); }
  void operator()(lernd_cql_prepared* prepared) const { lernd_cql_prepared_free(prepared); }
  void operator()(lernd_cql_answers* answers) const { lernd_cql_answers_free(answers); }
  void operator()(lernd_cql_failure* failure) const { lernd_cql_failure_free(failure); }
};

template <class T>
using DriverOwned = std::unique_ptr<T, DriverFree>;

inline std::string_view view_of(lernd_cql_text text) { return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size); }
inline lernd_cql_text text_of(std::string_view text) { return {text.data(), text.size()}; }
inline DriverFailure failure_of(const lernd_cql_failure& failure) { return {failure.kind, failure.code, view_of(failure.text)}; }

/// Names and types of the columns of a result, or of the bind markers of a statement.
struct CqlShape {
  std::vector<std::string> names;
  std::vector<CqlType> types;
};

Result<CqlShape> shape_of(const lernd_cql_shape& shape);

/// A statement known to the server, with the types of its bind markers.
struct PreparedCql {
  std::string text;
  DriverOwned<lernd_cql_prepared> handle;
  CqlShape bind_markers;
};

}  // namespace lernd::cassandra

namespace lernd {

class CassandraSession {
 public:
  CassandraSession(cassandra::DriverOwned<lernd_cql_session> session, std::string servers) : session_(std::move(session)), servers_(std::move(servers)) {}

  /// The statement with this text when it has been prepared, or null.
  std::shared_ptr<const cassandra::PreparedCql> known(std::string_view text);

  /// Prepares the statement with this text. `table` is for messages.
  Result<std::shared_ptr<const cassandra::PreparedCql>> prepare(std::string_view text, const TableName& table);

  /// Executes all requests at once. Null after a fault in the driver.
  cassandra::DriverOwned<lernd_cql_answers> execute(std::span<const lernd_cql_request> requests);

  /// Executes one statement for one page of its result, that at the position `from`. Null after a fault in the driver.
  cassandra::DriverOwned<lernd_cql_answers> execute_page(const lernd_cql_statement& statement, std::string_view from);

  /// Sends a statement that changes the schema and forgets all prepared statements, for their types may not be right any more.
  Result<void> change_schema(std::string_view text, const TableName& table);

  /// The failure of a request that concerned `table`.
  Error error_of_request(const lernd_cql_failure& failure, const TableName& table) const;

  /// Prepares a statement anew at its next use.
  void forget(std::string_view text);

 private:
  Error error_of_failure(const lernd_cql_failure& failure, cassandra::Deed::Kind deed, const TableName& table) const;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  const cassandra::DriverOwned<lernd_cql_session> session_;
  const std::string servers_;
  std::shared_mutex mutex_;  ///< guards `prepared_`
  std::unordered_map<std::string, std::shared_ptr<const cassandra::PreparedCql>, TextHash, std::equal_to<>> prepared_;
};

}  // namespace lernd
