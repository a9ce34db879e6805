#include "jobs/user_table.h"

#include <utility>

namespace lernd {

std::vector<Option> user_table_options() {
  return {
      {.name = "user.keyspace", .default_value = "sunbird", .doc = "Keyspace of the user service's tables."},
      {.name = "user.table", .default_value = "user", .doc = "Table of the users there."},
  };
}

TableName user_table(const OptionValues& values) { return {values.text("user.keyspace"), values.text("user.table")}; }

TableSchema user_table_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"id", "text"},
                      {"userid", "text"},
                      {"rootorgid", "text"},
                      {"channel", "text"},
                      {"status", "int"},
                      {"isdeleted", "boolean"},
                      {"firstname", "text"},
                      {"lastname", "text"},
                      {"username", "text"},
                      {"dob", "text"},
                      {"email", "text"},
                      {"phone", "text"},
                      {"maskedemail", "text"},
                      {"maskedphone", "text"},
                      {"recoveryemail", "text"},
                      {"recoveryphone", "text"},
                      {"prevusedemail", "text"},
                      {"prevusedphone", "text"},
                      {"managedby", "text"},
                      {"profilelocation", "text"},
                      {"locationids", "list<text>"},
                      {"framework", "map<text, frozen<list<text>>>"},
                      {"createddate", "text"},
                      {"updateddate", "text"}},
          .key = {"id"},
          .partition_columns = 1};
}

}  // namespace lernd
