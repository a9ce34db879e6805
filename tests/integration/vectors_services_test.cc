// `lernd test` over all case files on real Kafka, Cassandra and Redis; the search service is a stub that the command brings along.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "conformance/temporary_folder.h"
#include "integration/vectors.h"
#include "support/services.h"

namespace lernd {
namespace {

TEST(VectorsOnServices, AllPassAndOneThatIsWrongFails) {
  const Servers servers = Servers::from_environment();
  const TemporaryFolder folder;
  // An operator's file says where the services are. How the job is set there must not change what the cases say.
  std::ofstream(folder.file("job.conf")) << fmt::format(
      "kafka {{ broker-servers = \"{}\", input.topic = \"prod.sync\", groupId = \"prod-group\" }}\n"
      "lms-cassandra {{ host = \"{}\", port = {}, keyspace = \"prod_courses\", user_enrolments.table = \"enrolments\" }}\n"
      "redis {{ host = \"{}\", port = {}, database.relationCache.id = 12 }}\n"
      "activity {{ module.aggs.enabled = false, filter.processed.enrolments = false }}\n"
      "kafka.audit.topic = \"prod.audit\"\n",
      servers.kafka(), servers.cassandra().host, servers.cassandra().port, servers.redis().host, servers.redis().port);
  expect_vectors_pass({"--on", "services", "--config", folder.file("job.conf")});
}

}  // namespace
}  // namespace lernd
