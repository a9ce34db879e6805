#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ask.h"
#include "core/plan.h"

namespace lernd::cassandra {

/// What stands at one bind marker of a statement: the value for a column, or the write time (`value` null).
struct CqlBinding {
  std::string_view column;
  const Value* value = nullptr;
};

/// The text of a statement and what is bound to it, in the order of its bind markers. The bindings look into the row or query it was made of.
struct CqlStatement {
  std::string text;
  std::vector<CqlBinding> bindings;
};

/// A name in double quotes, with the quotes inside it doubled: case and odd characters are kept.
std::string quoted_identifier(std::string_view name);

/// The rows whose key columns equal the given values; all rows for no key, all columns for no columns.
CqlStatement select_statement(const RowsQuery& query);

/// Appends the statements of a row write to `statements`: one, or two for an insert that merges into a map, which CQL has no single statement for.
/// An update without assignments inserts the key.
void append_write_statements(const RowWrite& row, std::vector<CqlStatement>& statements);

/// The insert of a row unless there is one with its key. It binds no write time: the server refuses one here. Assignments are all taken as replacing.
CqlStatement insert_if_absent_statement(const RowWrite& row);

}  // namespace lernd::cassandra
