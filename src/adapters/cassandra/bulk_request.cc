#include "adapters/cassandra/bulk_request.h"

#include <fmt/core.h>

#include <utility>

#include "adapters/cassandra/cql_codec.h"

namespace lernd::cassandra {

Result<void> BulkRequest::add(std::span<const CqlStatement> statements, WriteTime time, const TableName& table) {
  const std::size_t parts_before = parts_.size();
  const std::size_t cells_before = cells_.size();
  for (const CqlStatement& statement : statements) {
    Result<Part> part = encoded(statement, time, table);
    if (!part) {
      parts_.resize(parts_before);
      cells_.resize(cells_before);
      return std::unexpected(std::move(part.error()));
    }
    parts_.push_back(std::move(*part));
  }
  ends_.push_back(parts_.size());
  return {};
}

/// A server that could not be reached for one statement is not asked for another in the same call.
Result<std::shared_ptr<const PreparedCql>> BulkRequest::prepared(const std::string& text, const TableName& table) {
  if (std::shared_ptr<const PreparedCql> known = session_.known(text)) return known;
  for (const auto& [failed, error] : failures_) {
    if (failed == text || error.treatment == Treatment::retry) return std::unexpected(error);
  }
  Result<std::shared_ptr<const PreparedCql>> prepared = session_.prepare(text, table);
  if (!prepared) failures_.emplace_back(text, prepared.error());
  return prepared;
}

Result<BulkRequest::Part> BulkRequest::encoded(const CqlStatement& statement, WriteTime time, const TableName& table) {
  Result<std::shared_ptr<const PreparedCql>> prepared = this->prepared(statement.text, table);
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  const CqlShape& markers = (*prepared)->bind_markers;
  if (markers.types.size() != statement.bindings.size()) {
    return fail(Treatment::fatal, ErrorCode::internal, fmt::format("a statement for table {} has {} bind markers", table.text(), markers.types.size()));
  }
  Part part{.prepared = *prepared, .start = cells_.size()};
  for (std::size_t i = 0; i < markers.types.size(); ++i) {
    const CqlBinding& binding = statement.bindings[i];
    if (!binding.value) {
      append_bigint_cell(time.us, cells_);
      continue;
    }
    if (Result<void> done = append_cell(markers.types[i], *binding.value, cells_); !done) {
      Error error = std::move(done.error());
      error.text = fmt::format("column {} of table {}: {}", binding.column, table.text(), error.text);
      return std::unexpected(std::move(error));
    }
  }
  part.end = cells_.size();
  return part;
}

DriverOwned<lernd_cql_answers> BulkRequest::run() const {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(cells_.data());
  std::vector<lernd_cql_statement> statements;
  statements.reserve(parts_.size());
  for (const Part& part : parts_) statements.push_back({part.prepared->handle.get(), bytes + part.start, part.end - part.start});
  std::vector<lernd_cql_request> requests;
  requests.reserve(ends_.size());
  std::size_t start = 0;
  for (const std::size_t end : ends_) {
    requests.push_back({statements.data() + start, end - start});
    start = end;
  }
  return session_.execute(requests);
}

void BulkRequest::forget(std::size_t request) {
  for (std::size_t i = request == 0 ? 0 : ends_[request - 1]; i < ends_[request]; ++i) session_.forget(parts_[i].prepared->text);
}

}  // namespace lernd::cassandra
