#include "sync/table_world.h"

#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "core/plan.h"
#include "support/must.h"

namespace lernd::sync {
namespace {

/// The keys of sync.md section 4.
const std::map<std::string, std::vector<std::string>> kKeys{{"user", {"id"}},
                                                            {"organisation", {"id"}},
                                                            {"location", {"id"}},
                                                            {"course_batch", {"courseid", "batchid"}},
                                                            {"user_enrolments", {"userid", "courseid", "batchid"}}};

TableName table_named(const std::string& text) { return {text.substr(0, text.find('.')), text.substr(text.find('.') + 1)}; }

std::string type_of(const nlohmann::json& value) {
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "int";
  return value.is_string() ? "text" : throw std::runtime_error("no column type for " + value.dump());
}

Value value_of(const nlohmann::json& value) {
  if (value.is_boolean()) return Value(value.get<bool>());
  if (value.is_number_integer()) return Value(value.get<std::int64_t>());
  return Value(value.get<std::string>());
}

}  // namespace

TableWorld::TableWorld(Endpoint cassandra) : endpoint_(std::move(cassandra)) {
  store_ = make_cassandra_store(
      must(connect_cassandra({.hosts = {endpoint_.host}, .port = endpoint_.port, .user = endpoint_.user, .password = endpoint_.password})));
}

void TableWorld::fill(const nlohmann::json& tables) {
  std::set<std::string> keyspaces;
  for (const auto& [name, rows] : tables.items()) keyspaces.insert(table_named(name).keyspace);
  for (const auto& keyspace : keyspaces) must(store_->drop_keyspace(keyspace));
  for (const auto& [text, rows] : tables.items()) {
    const auto name = table_named(text);
    TableSchema schema{.name = name, .columns = {}, .key = kKeys.at(name.table)};
    std::map<std::string, std::string> types;
    for (const auto& column : schema.key) types[column] = "text";
    for (const auto& row : rows) {
      for (const auto& [column, value] : row.items()) types[column] = type_of(value);
    }
    for (const auto& [column, type] : types) schema.columns.push_back({column, type});
    must(store_->create(schema));
    std::vector<RowGroup> groups;
    for (const auto& row : rows) {
      RowWrite write{.table = name};
      for (const auto& [column, value] : row.items()) {
        if (std::ranges::find(schema.key, column) != schema.key.end()) {
          write.key.push_back({column, value_of(value)});
        } else {
          write.set.push_back({column, value_of(value)});
        }
      }
      groups.push_back({write});
    }
    for (auto& done : store_->write(at_one_time(groups, {1}))) must(std::move(done));
  }
}

}  // namespace lernd::sync
