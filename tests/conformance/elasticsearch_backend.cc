// Search indices on real Elasticsearch and OpenSearch.
#include <fmt/format.h>

#include "adapters/elasticsearch/elasticsearch_index.h"
#include "adapters/http/curl_client.h"
#include "conformance/search_index_suite.h"
#include "support/services.h"

namespace lernd {
namespace {

class RealIndices final : public SearchIndexBackend {
 public:
  explicit RealIndices(std::string name) : name_(std::move(name)) {}

  std::unique_ptr<SearchIndex> open() override { return make_elasticsearch_index({.servers = {address()}}, make_curl_client({})); }
  void restart() override { servers_.restart(name_); }

  void set_read_only(const std::string& index, bool on) override { tell("PUT", "/" + index + "/_settings", fmt::format(R"({{"index.blocks.write":{}}})", on)); }
  void create_mapped(const std::string& index, const std::string& mappings) override {
    tell("PUT", "/" + index, fmt::format(R"({{"mappings":{}}})", mappings));
  }

 private:
  std::string address() const {
    const Endpoint endpoint = servers_.search(name_);
    return fmt::format("{}:{}", endpoint.host, endpoint.port);
  }

  /// What an operator does.
  void tell(const std::string& method, const std::string& path, const std::string& body) const {
    const HttpQuery query{.service = "operator",
                          .method = method,
                          .url = "http://" + address() + path,
                          .headers = {{.name = "Content-Type", .value = "application/json"}},
                          .body = body};
    const auto answer = make_curl_client({})->call(std::span(&query, 1)).front();
    ASSERT_TRUE(ok(answer));
    ASSERT_EQ(answer->status, 200) << answer->body;
  }

  const Servers servers_ = Servers::from_environment();
  const std::string name_;
};

SearchIndexFactory factory(const std::string& name) {
  return {name, [name] { return std::make_unique<RealIndices>(name); }};
}

INSTANTIATE_TEST_SUITE_P(Rest, SearchIndexSuite, testing::Values(factory("elasticsearch"), factory("opensearch")), BackendName());

}  // namespace
}  // namespace lernd
