#include "adapters/embedded/embedded_table_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <utility>

#include "adapters/embedded/catalog.h"
#include "adapters/embedded/connection.h"
#include "adapters/embedded/encoded_row.h"
#include "adapters/embedded/row_codec.h"
#include "adapters/embedded/table_sql.h"

namespace lernd::embedded {
namespace {

constexpr std::size_t kPageRows = 5000;

/// The letters of the forms of an SqlValue, in their order.
constexpr std::string_view kKinds = "nirtb";

/// A key as a position: the kind of each value, the length of its text, and the text, for example `t3:abc`.
std::string position_of(const std::vector<SqlValue>& key) {
  std::string position;
  for (const SqlValue& value : key) {
    std::string text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) text = std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value)) text = fmt::format("{}", *real);
    if (const auto* plain = std::get_if<std::string>(&value)) text = *plain;
    if (const auto* bytes = std::get_if<ValueBytes>(&value)) text = bytes->bytes;
    position += fmt::format("{}{}:{}", kKinds[value.index()], text.size(), text);
  }
  return position;
}

template <class Number>
Number number_in(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The inverse. Positions come from `position_of` only.
std::vector<SqlValue> key_of(std::string_view position) {
  std::vector<SqlValue> key;
  while (!position.empty()) {
    const char kind = position.front();
    const auto colon = position.find(':');
    const auto text = position.substr(colon + 1, number_in<std::size_t>(position.substr(1, colon - 1)));
    position.remove_prefix(colon + 1 + text.size());
    if (kind == 'i') key.emplace_back(number_in<std::int64_t>(text));
    if (kind == 'r') key.emplace_back(number_in<double>(text));
    if (kind == 't') key.emplace_back(std::string(text));
    if (kind == 'b') key.emplace_back(ValueBytes{std::string(text)});
  }
  return key;
}

class EmbeddedTableScan final : public TableScan {
 public:
  explicit EmbeddedTableScan(std::shared_ptr<EmbeddedDatabase> database) : database_(std::move(database)) {}

  Result<ScanPage> page(const ScanQuery& query, const std::string& position) override {
    const std::scoped_lock lock(mutex_);
    if (query.range) return fail(Treatment::fatal, ErrorCode::internal, "the embedded file has no tokens");
    const auto stored = find(query.table);
    if (!stored) return std::unexpected(stored.error());
    if (*stored == nullptr) return std::unexpected(missing_table(query.table));
    const auto column = (*stored)->column(query.column);
    if (!column) {
      return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("table {} has no column {}", query.table.text(), query.column));
    }
    return read(**stored, *column, query, position);
  }

  Result<std::optional<TableSchema>> describe(const TableName& table) override {
    const std::scoped_lock lock(mutex_);
    const auto stored = find(table);
    if (!stored) return std::unexpected(stored.error());
    return *stored == nullptr ? std::nullopt : std::optional((*stored)->schema);
  }

  Result<std::string> partitioner() override { return std::string(); }

 private:
  Result<const StoredTable*> find(const TableName& table) {
    if (const auto refreshed = database_->catalog().refresh(); !refreshed) return std::unexpected(refreshed.error());
    return database_->catalog().find(table);
  }

  Result<ScanPage> read(const StoredTable& table, std::size_t column, const ScanQuery& query, const std::string& position) {
    const std::vector<std::string>& key = query.distinct ? query.partition_key : table.schema.key;
    std::vector<std::string> columns = key;
    columns.push_back(query.column);
    const std::size_t rows_max = query.rows_max > 0 ? query.rows_max : kPageRows;
    ScanPage page;
    std::vector<SqlValue> last(key.size());
    SqlCursor rows = database_->connection().select(page_sql(table.schema, columns, key, query.distinct, !position.empty()), key_of(position), rows_max);
    while (rows.next()) {
      auto value = decode_cell(table.types[column], rows.value(static_cast<int>(key.size())));
      if (!value) return std::unexpected(in_column(table, column, value.error()));
      page.values.push_back(std::move(*value));
      for (std::size_t i = 0; i < key.size(); ++i) last[i] = rows.value(static_cast<int>(i));
    }
    if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
    if (page.values.size() == rows_max && query.rows_max == 0) page.next = position_of(last);
    return page;
  }

  std::mutex mutex_;  ///< guards the database object
  const std::shared_ptr<EmbeddedDatabase> database_;
};

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<TableScan> make_embedded_table_scan(std::shared_ptr<EmbeddedDatabase> database) {
  return std::make_unique<embedded::EmbeddedTableScan>(std::move(database));
}

}  // namespace lernd
