// For stores behind a server: it went away and came back.
#include "conformance/table_store_suite.h"

namespace lernd {
namespace {

TEST_P(TableStoreSuite, TheStoreFindsItsServerAgain) {
  const TableName table = create_simple("before", "int");
  ASSERT_TRUE(ok(write({put(table, "a", 1)})));
  ASSERT_NO_FATAL_FAILURE(backend_->restart());
  // What fails until the connection is back must say that it may pass.
  ASSERT_TRUE(eventually([&] {
    const auto rows = read(table, {{"id", "a"}}, {"value"});
    EXPECT_TRUE(rows || failed(rows, Treatment::retry));
    return rows.has_value() || HasFailure();
  }));
  EXPECT_EQ(value_of(table, "a"), Value(1));
  EXPECT_TRUE(eventually([&] { return write({put(table, "a", 2)}).has_value(); }));
  EXPECT_EQ(value_of(table, "a"), Value(2));
}

}  // namespace
}  // namespace lernd
