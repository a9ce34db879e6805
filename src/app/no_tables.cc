#include "app/no_tables.h"

namespace lernd {
namespace {

std::unexpected<Error> no_tables() { return fail(Treatment::fatal, ErrorCode::internal, "a job without tables was made to use one"); }

class NoTables final : public TableStore {
 public:
  std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) override { return std::vector<Result<Rows>>(queries.size(), no_tables()); }
  std::vector<Result<void>> write(std::span<const TimedGroup> groups) override { return std::vector<Result<void>>(groups.size(), no_tables()); }
  std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) override { return std::vector<Result<bool>>(rows.size(), no_tables()); }
  Result<std::optional<TableSchema>> describe(const TableName&) override { return no_tables(); }
  Result<void> create(const TableSchema&) override { return no_tables(); }
  Result<void> drop_keyspace(const std::string&) override { return {}; }
  Result<void> ping() override { return {}; }
  Result<void> flush() override { return {}; }
};

}  // namespace

std::unique_ptr<TableStore> make_no_tables() { return std::make_unique<NoTables>(); }

}  // namespace lernd
