// Tables on the Cassandra server of tools/services.
#include "adapters/cassandra/cassandra_store.h"
#include "conformance/table_store_suite.h"
#include "support/services.h"

namespace lernd {
namespace {

class CassandraTables final : public TableStoreBackend {
 public:
  /// All stores of a backend share one session, as the workers of a process do.
  std::unique_ptr<TableStore> open() override {
    if (!session_) {
      const Endpoint at = services_.cassandra();
      auto session = connect_cassandra({.hosts = {at.host}, .port = at.port, .user = at.user, .password = at.password});
      EXPECT_TRUE(ok(session));
      if (!session) return nullptr;
      session_ = std::move(*session);
    }
    return make_cassandra_store(session_);
  }
  void restart() override { services_.restart("cassandra"); }

 private:
  const Servers services_ = Servers::from_environment();
  std::shared_ptr<CassandraSession> session_;
};

INSTANTIATE_TEST_SUITE_P(Cassandra, TableStoreSuite, testing::Values(TableStoreFactory{"cassandra", [] { return std::make_unique<CassandraTables>(); }}),
                         BackendName());

}  // namespace
}  // namespace lernd
