// `lernd test` over all case files on real Kafka, Cassandra, Redis and Elasticsearch, and those of jobs with a search index on OpenSearch too; HTTP services
// are stubs that the command brings along.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "conformance/redis_server.h"
#include "conformance/temporary_folder.h"
#include "integration/vectors.h"
#include "jobs/registry.h"
#include "support/services.h"

namespace lernd {
namespace {

class VectorsOnServices : public testing::TestWithParam<std::string> {
 protected:
  /// `index` is the server of the search indices.
  explicit VectorsOnServices(const std::string& index = "elasticsearch") {
    const Servers servers = Servers::from_environment();
    // An operator's file says where the services are. How the job is set there must not change what the cases say.
    std::ofstream(folder_.file("job.conf")) << fmt::format(
        "kafka {{ broker-servers = \"{}\", input.topic = \"prod.sync\", groupId = \"prod-group\" }}\n"
        "lms-cassandra {{ host = \"{}\", port = {}, keyspace = \"prod_courses\", user_enrolments.table = \"enrolments\" }}\n"
        "redis {{ host = \"{}\", port = {}, database.relationCache.id = 12 }}\n"
        "activity {{ module.aggs.enabled = false, filter.processed.enrolments = false }}\n"
        "kafka.audit.topic = \"prod.audit\"\n"
        "es.basePath = \"{}:{}\"\n",
        servers.kafka(), servers.cassandra().host, servers.cassandra().port, "127.0.0.1", redis_.port(), servers.search(index).host,
        servers.search(index).port);
  }

  std::vector<std::string> words() const { return {"--on", "services", "--config", folder_.file("job.conf")}; }

 private:
  RedisServer redis_;  ///< `lernd test` wants databases that hold nothing, whatever other tests left on theirs
  TemporaryFolder folder_;
};

TEST_P(VectorsOnServices, AllPass) { expect_vectors_pass(GetParam(), words()); }

std::string test_name(const testing::TestParamInfo<std::string>& job) {
  std::string name = job.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Jobs, VectorsOnServices, testing::ValuesIn(jobs_with_cases()), test_name);

class VectorsOnOpenSearch : public VectorsOnServices {
 protected:
  VectorsOnOpenSearch() : VectorsOnServices("opensearch") {}
};

TEST_P(VectorsOnOpenSearch, AllPass) { expect_vectors_pass(GetParam(), words()); }

std::vector<std::string> jobs_with_indices() {
  std::vector<std::string> jobs;
  for (const JobDescription& job : all_jobs()) {
    if (!job.indices.empty()) jobs.push_back(job.name);
  }
  return jobs;
}

INSTANTIATE_TEST_SUITE_P(Jobs, VectorsOnOpenSearch, testing::ValuesIn(jobs_with_indices()), test_name);

using AWrongVectorOnServices = VectorsOnServices;
TEST_P(AWrongVectorOnServices, Fails) { expect_a_wrong_vector_fails(words()); }
INSTANTIATE_TEST_SUITE_P(One, AWrongVectorOnServices, testing::Values("enrolment-reconciliation"), [](const auto&) { return std::string("case"); });

}  // namespace
}  // namespace lernd
