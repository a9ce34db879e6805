#include "adapters/cassandra/cql_request.h"

#include <algorithm>
#include <span>

namespace lernd::cassandra {
namespace {

/// Most statements are no longer than this.
constexpr std::size_t kTextReserve = 320;
constexpr std::string_view kUsingTime = " USING TIMESTAMP ?";

void append_quoted(std::string_view name, std::string& text) {
  text += '"';
  for (std::size_t quote = name.find('"'); quote != std::string_view::npos; quote = name.find('"')) {
    text.append(name.substr(0, quote)).append(2, '"');
    name.remove_prefix(quote + 1);
  }
  text.append(name) += '"';
}

void append_table(const TableName& table, std::string& text) {
  append_quoted(table.keyspace, text);
  text += '.';
  append_quoted(table.table, text);
}

void append_where(std::span<const Cell> key, CqlStatement& statement) {
  std::string_view glue = " WHERE ";
  for (const Cell& cell : key) {
    statement.text += glue;
    append_quoted(cell.column, statement.text);
    statement.text += " = ?";
    statement.bindings.push_back({cell.column, &cell.value});
    glue = " AND ";
  }
}

/// `INSERT INTO … (…) VALUES (…)` with the key and those assignments that `takes` accepts.
template <class Takes>
CqlStatement insert_statement(const RowWrite& row, Takes takes) {
  CqlStatement statement;
  statement.bindings.reserve(row.key.size() + row.set.size() + 1);
  std::string& text = statement.text;
  text.reserve(kTextReserve);
  text = "INSERT INTO ";
  append_table(row.table, text);
  const auto add = [&](std::string_view column, const Value& value) {
    text += statement.bindings.empty() ? " (" : ", ";
    append_quoted(column, text);
    statement.bindings.push_back({column, &value});
  };
  for (const Cell& cell : row.key) add(cell.column, cell.value);
  for (const Assignment& assignment : row.set) {
    if (takes(assignment)) add(assignment.column, assignment.value);
  }
  text += ") VALUES (";
  for (std::size_t i = 0; i < statement.bindings.size(); ++i) text += i == 0 ? "?" : ", ?";
  text += ')';
  return statement;
}

void bind_time(CqlStatement& statement) {
  statement.text += kUsingTime;
  statement.bindings.push_back({});
}

bool replaces(const Assignment& assignment) { return assignment.mode == Assignment::Mode::replace; }
bool merges(const Assignment& assignment) { return assignment.mode == Assignment::Mode::merge; }

/// `UPDATE … SET …` with those assignments that `takes` accepts, at least one.
template <class Takes>
CqlStatement update_statement(const RowWrite& row, Takes takes) {
  CqlStatement statement;
  statement.bindings.reserve(row.key.size() + row.set.size() + 1);
  std::string& text = statement.text;
  text.reserve(kTextReserve);
  text = "UPDATE ";
  append_table(row.table, text);
  bind_time(statement);
  std::string_view glue = " SET ";
  for (const Assignment& assignment : row.set) {
    if (!takes(assignment)) continue;
    text += glue;
    append_quoted(assignment.column, text);
    text += " = ";
    if (merges(assignment)) {
      append_quoted(assignment.column, text);
      text += " + ";
    }
    text += '?';
    statement.bindings.push_back({assignment.column, &assignment.value});
    glue = ", ";
  }
  append_where(row.key, statement);
  return statement;
}

}  // namespace

std::string quoted_identifier(std::string_view name) {
  std::string text;
  append_quoted(name, text);
  return text;
}

CqlStatement select_statement(const RowsQuery& query) {
  CqlStatement statement;
  std::string& text = statement.text;
  text.reserve(kTextReserve);
  text = "SELECT ";
  if (query.columns.empty()) text += '*';
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    if (i > 0) text += ", ";
    append_quoted(query.columns[i], text);
  }
  text += " FROM ";
  append_table(query.table, text);
  append_where(query.key, statement);
  return statement;
}

void append_write_statements(const RowWrite& row, std::vector<CqlStatement>& statements) {
  const auto all = [](const Assignment&) { return true; };
  if (row.kind == RowWrite::Kind::erase) {
    CqlStatement& statement = statements.emplace_back();
    statement.text = "DELETE FROM ";
    append_table(row.table, statement.text);
    bind_time(statement);
    append_where(row.key, statement);
    return;
  }
  if (row.kind == RowWrite::Kind::update && !row.set.empty()) {
    statements.push_back(update_statement(row, all));
    return;
  }
  bind_time(statements.emplace_back(insert_statement(row, replaces)));
  if (std::ranges::any_of(row.set, merges)) statements.push_back(update_statement(row, merges));
}

CqlStatement insert_if_absent_statement(const RowWrite& row) {
  CqlStatement statement = insert_statement(row, [](const Assignment&) { return true; });
  statement.text += " IF NOT EXISTS";
  return statement;
}

}  // namespace lernd::cassandra
