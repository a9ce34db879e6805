#include "adapters/embedded/encoded_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "adapters/embedded/row_codec.h"

namespace lernd::embedded {
namespace {

std::unexpected<Error> mismatch(const StoredTable& table, std::string_view what) {
  return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("{}: {}", table.schema.name.text(), what));
}

std::unexpected<Error> no_column(const StoredTable& table, std::string_view column) {
  return mismatch(table, fmt::format("column {} is not there; `lernd schema` prints the tables that are needed", column));
}

/// The values of the key columns in the order of the key. They are its first ones: none is left out in between.
Result<std::vector<SqlValue>> encode_key(const StoredTable& table, const std::vector<Cell>& cells) {
  std::vector<SqlValue> key(cells.size());
  std::vector<bool> given(table.schema.key.size());
  for (const Cell& cell : cells) {
    const auto column = table.column(cell.column);
    if (!column) return no_column(table, cell.column);
    const auto position = table.key_position(cell.column);
    if (!position) return mismatch(table, fmt::format("column {} is not a key column", cell.column));
    auto value = encode_cell(table.types[*column], cell.value);
    if (!value) return std::unexpected(in_column(table, *column, value.error()));
    if (std::holds_alternative<std::monostate>(*value)) {
      return std::unexpected(in_column(table, *column, {Treatment::reject, ErrorCode::malformed_record, "is a key column and cannot be null"}));
    }
    if (given[*position]) return mismatch(table, fmt::format("key column {} is given twice", cell.column));
    if (*position >= key.size()) return mismatch(table, fmt::format("a key needs column {} first", table.schema.key[key.size() - 1]));
    given[*position] = true;
    key[*position] = std::move(*value);
  }
  const auto* first = key.empty() ? nullptr : std::get_if<std::string>(&key.front());
  if (table.schema.partition_columns == 1 && first != nullptr && first->empty()) {
    return fail(Treatment::reject, ErrorCode::malformed_record,
                fmt::format("{}: column {} is the partition key and cannot be empty", table.schema.name.text(), table.schema.key.front()));
  }
  return key;
}

Result<void> add(EncodedWrite& write, const Assignment& assignment) {
  const StoredTable& table = *write.table;
  const auto column = table.column(assignment.column);
  if (!column) return no_column(table, assignment.column);
  if (table.key_position(assignment.column)) return mismatch(table, fmt::format("key column {} cannot be set", assignment.column));
  const auto same = [&](const auto& cell) { return cell.column == *column; };
  if (std::ranges::any_of(write.set, same) || std::ranges::any_of(write.merges, same))
    return mismatch(table, fmt::format("column {} is set twice", assignment.column));

  auto value = encode_cell(table.types[*column], assignment.value);
  if (!value) return std::unexpected(in_column(table, *column, value.error()));
  if (assignment.mode == Assignment::Mode::replace) {
    write.set.push_back({*column, std::move(*value)});
    return {};
  }
  const CqlType& type = table.types[*column];
  if (type.kind != CqlKind::map || type.frozen)
    return mismatch(table, fmt::format("column {} is {}; only a map can be merged", assignment.column, text_of(type)));
  if (!assignment.value.is_null()) write.merges.push_back({*column, assignment.value.map()});
  return {};
}

}  // namespace

Error missing_table(const TableName& table) {
  return {Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("table {} is not there; `lernd schema --apply` makes it", table.text())};
}

Error in_column(const StoredTable& table, std::size_t column, const Error& error) {
  return {error.treatment, error.code, fmt::format("{}: column {} {}", table.schema.name.text(), table.schema.columns[column].name, error.text)};
}

Result<EncodedWrite> encode(const StoredTable& table, const RowWrite& write) {
  EncodedWrite encoded{.kind = write.kind, .table = &table, .key = {}, .set = {}, .merges = {}};
  auto key = encode_key(table, write.key);
  if (!key) return std::unexpected(key.error());
  encoded.key = std::move(*key);
  if (encoded.key.size() < table.schema.key.size()) {
    return mismatch(table, fmt::format("a row needs key column {}", table.schema.key[encoded.key.size()]));
  }
  if (write.kind == RowWrite::Kind::erase) return encoded;
  for (const Assignment& assignment : write.set) {
    if (const auto added = add(encoded, assignment); !added) return std::unexpected(added.error());
  }
  return encoded;
}

Result<EncodedQuery> encode(const StoredTable& table, const RowsQuery& query) {
  EncodedQuery encoded{.table = &table, .key = {}, .columns = {}};
  auto key = encode_key(table, query.key);
  if (!key) return std::unexpected(key.error());
  encoded.key = std::move(*key);
  if (!encoded.key.empty() && encoded.key.size() < table.schema.partition_columns) {
    return mismatch(table, fmt::format("a query needs key column {} too: it is part of the partition key", table.schema.key[encoded.key.size()]));
  }
  for (const std::string& name : query.columns) {
    const auto column = table.column(name);
    if (!column) return no_column(table, name);
    encoded.columns.push_back(*column);
  }
  if (query.columns.empty()) {
    encoded.columns.resize(table.schema.columns.size());
    std::iota(encoded.columns.begin(), encoded.columns.end(), std::size_t{0});
  }
  return encoded;
}

}  // namespace lernd::embedded
