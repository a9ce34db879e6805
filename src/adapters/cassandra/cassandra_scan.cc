#include "adapters/cassandra/cassandra_scan.h"

#include <fmt/core.h>

#include <utility>

#include "adapters/cassandra/cassandra_session.h"
#include "adapters/cassandra/cql_codec.h"
#include "adapters/cassandra/cql_request.h"

namespace lernd {

using namespace cassandra;

namespace {

std::string text_of(const ScanQuery& query) {
  std::string text = fmt::format("SELECT {}{} FROM {}.{}", query.distinct ? "DISTINCT " : "", quoted_identifier(query.column),
                                 quoted_identifier(query.table.keyspace), quoted_identifier(query.table.table));
  if (query.range) {
    std::string key;
    for (const std::string& column : query.partition_key) key += (key.empty() ? "" : ", ") + quoted_identifier(column);
    text += fmt::format(" WHERE token({0}) >= ? AND token({0}) <= ?", key);
  }
  if (query.rows_max > 0) text += fmt::format(" LIMIT {}", query.rows_max);
  return text;
}

Result<ScanPage> page_of(const lernd_cql_answer& answer) {
  ScanPage page;
  if (!answer.shape) return page;
  const auto shape = shape_of(*answer.shape);
  if (!shape) return std::unexpected(shape.error());
  if (shape->types.size() != 1) return fail(Treatment::fatal, ErrorCode::bad_answer, "Cassandra answered with other columns than were asked for");
  CellReader cells(std::string_view(reinterpret_cast<const char*>(answer.cells), answer.size));
  page.values.reserve(answer.row_count);
  for (std::size_t row = 0; row < answer.row_count; ++row) {
    const auto cell = cells.next();
    if (!cell) return std::unexpected(cell.error());
    auto value = decode_cell(shape->types.front(), *cell);
    if (!value) return std::unexpected(std::move(value.error()));
    page.values.push_back(std::move(*value));
  }
  return page;
}

class CassandraScan final : public TableScan {
 public:
  explicit CassandraScan(std::shared_ptr<CassandraSession> session) : session_(std::move(session)) {}

  Result<ScanPage> page(const ScanQuery& query, const std::string& position) override {
    const std::string text = text_of(query);
    auto prepared = session_->known(text);
    if (!prepared) {
      auto made = session_->prepare(text, query.table);
      if (!made) return std::unexpected(std::move(made.error()));
      prepared = std::move(*made);
    }
    std::string cells;
    if (query.range) {
      append_bigint_cell(query.range->first, cells);
      append_bigint_cell(query.range->last, cells);
    }
    const lernd_cql_statement statement{prepared->handle.get(), reinterpret_cast<const std::uint8_t*>(cells.data()), cells.size()};
    const auto answers = session_->execute_page(statement, position);
    if (!answers) return fail(Treatment::fatal, ErrorCode::internal, "fault in the Cassandra driver; no answer");
    const lernd_cql_answer answer = lernd_cql_answer_at(answers.get(), 0);
    if (answer.failure.kind != lernd_cql_done) {
      auto error = session_->error_of_request(answer.failure, query.table);
      if (error.code == ErrorCode::schema_mismatch) session_->forget(text);
      return std::unexpected(std::move(error));
    }
    auto page = page_of(answer);
    const auto next = lernd_cql_next_position(answers.get());
    if (page && next.size > 0) page->next.assign(reinterpret_cast<const char*>(next.data), next.size);
    return page;
  }

  // A store belongs to one thread, so each of these makes its own; it costs nothing.
  Result<std::optional<TableSchema>> describe(const TableName& table) override { return make_cassandra_store(session_)->describe(table); }

  Result<std::string> partitioner() override {
    const RowsQuery query{.table = {"system", "local"}, .columns = {"partitioner"}, .key = {{"key", "local"}}};
    const auto rows = std::move(make_cassandra_store(session_)->read(std::span(&query, 1)).front());
    if (!rows) return std::unexpected(rows.error());
    const auto* name = rows->size() == 1 ? (*rows)[0]["partitioner"].text() : nullptr;
    return name == nullptr ? std::string() : *name;
  }

 private:
  const std::shared_ptr<CassandraSession> session_;
};

}  // namespace

std::unique_ptr<TableScan> make_cassandra_scan(std::shared_ptr<CassandraSession> session) { return std::make_unique<CassandraScan>(std::move(session)); }

}  // namespace lernd
