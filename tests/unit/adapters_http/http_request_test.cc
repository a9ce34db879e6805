#include "adapters/http/http_request.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

HttpQuery query_to(std::string url) {
  HttpQuery query;
  query.service = "search";
  query.method = "GET";
  query.url = std::move(url);
  return query;
}

TEST(HttpRequest, HostIsWhatMayBeShown) {
  EXPECT_EQ(host_of(query_to("http://11.2.6.6/search/v3/search?userId=7")), "11.2.6.6");
  EXPECT_EQ(host_of(query_to("https://user:secret@search.example:8443/x")), "search.example:8443");
  EXPECT_EQ(host_of(query_to("http://[::1]:9000/")), "[::1]:9000");
}

TEST(HttpRequest, UnusableUrlIsFatalAndNotQuoted) {
  for (const auto* url : {"", "11.2.6.6/search", "localhost:9000/private", "ftp://host/private", "file:///private", "http://", "http://host:port/private",
                          "http://host/with blank/private"}) {
    const auto host = host_of(query_to(url));
    ASSERT_FALSE(host) << url;
    EXPECT_EQ(host.error().treatment, Treatment::fatal) << url;
    EXPECT_EQ(host.error().code, ErrorCode::invalid_option) << url;
    EXPECT_TRUE(host.error().text.contains("`search`")) << host.error().text;
    EXPECT_FALSE(host.error().text.contains("private")) << host.error().text;
  }
}

TEST(HttpRequest, LinesSwitchOffWhatTheLibraryWouldAdd) {
  EXPECT_EQ(header_lines(query_to("http://h/")), (std::vector<std::string>{"Expect:", "Content-Type:"}));
}

TEST(HttpRequest, LinesKeepOwnContentTypeAndEmptyValues) {
  HttpQuery query = query_to("http://h/");
  query.headers = {{.name = "content-type", .value = "application/json"}, {.name = "X-Empty", .value = ""}};
  EXPECT_EQ(header_lines(query), (std::vector<std::string>{"Expect:", "content-type: application/json", "X-Empty;"}));
}

TEST(HttpRequest, HeaderOrMethodThatWouldChangeTheRequestIsRefused) {
  for (const Header& header : {Header{"X", "a\r\nY: b"}, Header{"X\n", "a"}, Header{"", "a"}, Header{"X: y", "a"}}) {
    HttpQuery query = query_to("http://h/");
    query.headers = {header};
    EXPECT_EQ(header_lines(query).error().treatment, Treatment::fatal) << header.name;
  }
  for (const auto* method : {"", "GET /other", "G\r\n"}) {
    HttpQuery query = query_to("http://h/");
    query.method = method;
    EXPECT_EQ(header_lines(query).error().treatment, Treatment::fatal) << method;
  }
}

TEST(HttpRequest, TransferErrorsHaveTheirTreatment) {
  struct Case {
    CURLcode code;
    Treatment treatment;
    ErrorCode error;
  };
  for (const Case& expected :
       {Case{CURLE_OPERATION_TIMEDOUT, Treatment::retry, ErrorCode::timed_out}, Case{CURLE_COULDNT_RESOLVE_HOST, Treatment::retry, ErrorCode::unavailable},
        Case{CURLE_COULDNT_CONNECT, Treatment::retry, ErrorCode::unavailable}, Case{CURLE_PARTIAL_FILE, Treatment::retry, ErrorCode::unavailable},
        Case{CURLE_GOT_NOTHING, Treatment::retry, ErrorCode::unavailable}, Case{CURLE_RECV_ERROR, Treatment::retry, ErrorCode::unavailable},
        Case{CURLE_SEND_ERROR, Treatment::retry, ErrorCode::unavailable}, Case{CURLE_SSL_CONNECT_ERROR, Treatment::retry, ErrorCode::unavailable},
        Case{CURLE_UNSUPPORTED_PROTOCOL, Treatment::retry, ErrorCode::bad_answer}, Case{CURLE_WRITE_ERROR, Treatment::reject, ErrorCode::bad_answer},
        Case{CURLE_PEER_FAILED_VERIFICATION, Treatment::fatal, ErrorCode::invalid_option},
        Case{CURLE_SSL_CACERT_BADFILE, Treatment::fatal, ErrorCode::invalid_option}, Case{CURLE_URL_MALFORMAT, Treatment::fatal, ErrorCode::invalid_option}}) {
    const Error error = transfer_error(expected.code, "search at h:1", {});
    EXPECT_EQ(error.treatment, expected.treatment) << expected.code;
    EXPECT_EQ(error.code, expected.error) << expected.code;
    EXPECT_TRUE(error.text.starts_with("search at h:1")) << error.text;
  }
}

}  // namespace
}  // namespace lernd
