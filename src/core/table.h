#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace lernd {

/// Keyspace and table, both as stored (names are quoted by the adapters, never by the caller).
struct TableName {
  std::string keyspace;
  std::string table;
  auto operator<=>(const TableName&) const = default;
  std::string text() const { return keyspace + "." + table; }
};

struct Column {
  std::string name;
  std::string type;  ///< in CQL spelling: `text`, `int`, `map<text, double>`
  bool operator==(const Column&) const = default;
};

/// The shape of a table: what a job needs of it, or what a store has.
///
/// `columns` holds the key columns too. The first `partition_columns` of `key` form the partition key, the rest are clustering columns.
struct TableSchema {
  TableName name;
  std::vector<Column> columns;
  std::vector<std::string> key;
  std::size_t partition_columns = 1;
  std::string properties;  ///< of a table to be created, as CQL writes them behind WITH; empty for none

  const Column* find(std::string_view column) const;
};

/// A named cell: a key column with its value, or a column to be written.
struct Cell {
  std::string column;
  Value value;
  bool operator==(const Cell&) const = default;
};

/// The answer to a rows query: column names once, then the cells row by row. Rows of one partition come in clustering order.
class Rows {
 public:
  class Row {
   public:
    Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
    /// The value of a column; null (a null value) when the column was not asked for or is not set.
    const Value& operator[](std::string_view column) const;
    std::span<const Value> cells() const { return std::span(rows_->cells_).subspan(index_ * rows_->columns_.size(), rows_->columns_.size()); }

   private:
    const Rows* rows_;
    std::size_t index_;
  };

  Rows() = default;
  explicit Rows(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  /// `cells` are as many as there are columns, in their order.
  void add(std::vector<Value> cells);

  std::size_t size() const { return columns_.empty() ? 0 : cells_.size() / columns_.size(); }
  bool empty() const { return cells_.empty(); }
  Row operator[](std::size_t index) const { return {*this, index}; }
  const std::vector<std::string>& columns() const { return columns_; }
  bool operator==(const Rows&) const = default;

 private:
  std::vector<std::string> columns_;
  std::vector<Value> cells_;
};

}  // namespace lernd
