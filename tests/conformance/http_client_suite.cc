#include "conformance/http_client_suite.h"

namespace lernd {

void HttpClientSuite::SetUp() {
  backend_ = GetParam().make();
  ASSERT_NE(backend_, nullptr);
  client_ = backend_->open();
  ASSERT_NE(client_, nullptr);
}

HttpQuery HttpClientSuite::query(const std::string& method, const std::string& path_and_query, const std::string& body, std::vector<Header> headers) const {
  return {.service = "search", .method = method, .url = backend_->base_url() + path_and_query, .headers = std::move(headers), .body = body};
}

Result<HttpAnswer> HttpClientSuite::call(const HttpQuery& query) {
  auto answers = client_->call(std::span(&query, 1));
  EXPECT_EQ(answers.size(), 1u);
  return std::move(answers.at(0));
}

}  // namespace lernd
