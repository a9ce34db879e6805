// What is said at the start of a job about the servers of its search index.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/http/stub_server.h"
#include "app/line_log.h"
#include "app/service_checks.h"
#include "unit/app/index_job.h"

namespace lernd {
namespace {

/// A server that greets like Elasticsearch and answers everything else with this status.
class SearchChecksTest : public testing::Test {
 protected:
  Findings checked(int status, std::map<std::string, std::string> set = {}) {
    auto server = StubServer::start([this, status](const StubRequest& request) {
      requests_.push_back(request);
      return request.path == "/" ? StubReply{.status = greeting_, .body = R"({"version":{"number":"7.17.24"}})"} : StubReply{.status = status, .body = ""};
    });
    EXPECT_TRUE(server);
    set.try_emplace("es.basePath", fmt::format("127.0.0.1:{}", (*server)->port()));
    const IndexJob job(set);
    return check_services(job.setup, *make_real_services(job.job, job.setup.values, *log_), false);
  }

  std::unique_ptr<Log> log_ = make_line_log(LogLevel::error, LogFormat::text);
  int greeting_ = 200;
  std::vector<StubRequest> requests_;
};

std::string only(const Faults& faults) { return faults.size() == 1 ? faults.front().text() : fmt::format("{} faults", faults.size()); }

TEST_F(SearchChecksTest, AnIndexThatIsThereIsNoFault) {
  const auto findings = checked(200);
  EXPECT_TRUE(findings.faults.empty());
  EXPECT_TRUE(findings.away.empty());
}

TEST_F(SearchChecksTest, AnotherClusterIsRefusedAndNamed) {
  const auto findings = checked(404);
  EXPECT_TRUE(findings.away.empty());
  const auto said = only(findings.faults);
  EXPECT_TRUE(said.starts_with("the search index course-batch is not there; correct es.basePath (127.0.0.1:")) << said;
}

TEST_F(SearchChecksTest, ALoginIsSentAndARefusedOneNamesItsOptions) {
  greeting_ = 401;
  const auto said = only(checked(200, {{"lernd.es.user", "lms"}, {"lernd.es.password", "wrong-secret"}}).faults);
  EXPECT_TRUE(said.contains("`lernd.es.user`")) << said;
  EXPECT_FALSE(said.contains("wrong-secret")) << said;
  ASSERT_FALSE(requests_.empty());
  const auto& headers = requests_.front().headers;
  EXPECT_TRUE(std::ranges::any_of(headers, [](const Header& header) { return header.value == "Basic bG1zOndyb25nLXNlY3JldA=="; }));
}

TEST_F(SearchChecksTest, ServersThatDoNotAnswerAreAway) {
  const auto findings = checked(200, {{"es.basePath", "127.0.0.1:1,127.0.0.1:2"}});
  EXPECT_TRUE(findings.faults.empty());
  EXPECT_TRUE(only(findings.away).contains("es.basePath")) << only(findings.away);
}

}  // namespace
}  // namespace lernd
