#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapters/http/curl_client.h"
#include "support/tls_server.h"

namespace lernd {
namespace {

class CurlClientTls : public testing::Test {
 protected:
  Result<HttpAnswer> call(const HttpOptions& options) const {
    HttpQuery query;
    query.service = "search";
    query.method = "GET";
    query.url = fmt::format("https://127.0.0.1:{}/", server_.port());
    return make_curl_client(options)->call(std::span(&query, 1)).front();
  }
  std::string certificate() const { return server_.certificate(); }

 private:
  TlsServer server_{"secured"};
};

TEST_F(CurlClientTls, CertificateThatIsNotTrustedNamesTheOption) {
  const auto answer = call({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::fatal);
  EXPECT_TRUE(answer.error().text.contains("`lernd.http.ca_file`")) << answer.error().text;
}

TEST_F(CurlClientTls, CertificateOfTheFileIsTrusted) { EXPECT_EQ(call({.ca_file = certificate()}), (HttpAnswer{200, "secured"})); }

TEST_F(CurlClientTls, FileThatIsNotThereIsFatal) {
  const auto answer = call({.ca_file = certificate() + ".missing"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::fatal);
  EXPECT_TRUE(answer.error().text.contains("cannot be read")) << answer.error().text;
}

TEST_F(CurlClientTls, CheckCanBeSwitchedOff) { EXPECT_TRUE(call({.verify = false})); }

}  // namespace
}  // namespace lernd
