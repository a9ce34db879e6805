// The case files of `lernd sync` that scan a table, on the real Cassandra.
#include <gtest/gtest.h>

#include "sync/case_run.h"

namespace lernd::sync {
namespace {

class SyncTableVectors : public testing::TestWithParam<std::string> {};

TEST_P(SyncTableVectors, Passes) {
  TableWorld tables(Servers::from_environment().cassandra());
  auto rules = load_case(GetParam());
  // Where the database asks for a password, the empty one of the cases will not do.
  if (!tables.endpoint().user.empty()) {
    rules["config"]["sunbird_cassandra_username"] = tables.endpoint().user;
    rules["config"]["sunbird_cassandra_password"] = tables.endpoint().password;
  }
  for (const auto& wrong : CaseRun(rules, &tables).play()) ADD_FAILURE() << wrong;
}

INSTANTIATE_TEST_SUITE_P(Cases, SyncTableVectors, testing::ValuesIn(case_names(true)), [](const auto& name) {
  std::string text = name.param;
  std::ranges::replace(text, '-', '_');
  return text;
});

}  // namespace
}  // namespace lernd::sync
