#include "adapters/http/http_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace lernd {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

bool has_control(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

}  // namespace

Result<std::string> host_of(const HttpQuery& query) {
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (!url) return fail(Treatment::retry, ErrorCode::internal, "no memory for a URL");
  const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, query.url.c_str(), 0);
  const std::string scheme = code == CURLUE_OK ? part_of(url.get(), CURLUPART_SCHEME) : "";
  if (scheme != "http" && scheme != "https") {
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("the address of the service `{}` cannot be used ({}): check the option that holds it; it is like http://host:port/path",
                            query.service, code == CURLUE_OK ? "not http or https" : curl_url_strerror(code)));
  }
  const std::string port = part_of(url.get(), CURLUPART_PORT);
  return part_of(url.get(), CURLUPART_HOST) + (port.empty() ? "" : ":" + port);
}

Result<std::vector<std::string>> header_lines(const HttpQuery& query) {
  // Without these the library would wait for a go-ahead before large bodies, and call every body a form.
  std::vector<std::string> lines{"Expect:"};
  bool typed = false;
  if (query.method.empty() || !std::ranges::all_of(query.method, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return fail(Treatment::fatal, ErrorCode::internal, fmt::format("a call to the service `{}` has no usable method", query.service));
  }
  for (const Header& header : query.headers) {
    if (header.name.empty() || header.name.contains(':') || has_control(header.name) || has_control(header.value)) {
      return fail(Treatment::fatal, ErrorCode::invalid_option,
                  fmt::format("a header for the service `{}` holds a character that must not be there: check the options of this service", query.service));
    }
    typed = typed || lower(header.name) == "content-type";
    // An empty value after a colon would mean: leave this header out.
    lines.push_back(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  if (!typed) lines.emplace_back("Content-Type:");
  return lines;
}

Error transfer_error(CURLcode code, const std::string& whom, const HttpOptions& options) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {Treatment::retry, ErrorCode::timed_out, fmt::format("{} did not answer in time", whom)};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Treatment::retry, ErrorCode::unavailable, fmt::format("{}: no address is known for this host", whom)};
    case CURLE_COULDNT_CONNECT:
      return {Treatment::retry, ErrorCode::unavailable, fmt::format("{}: no connection", whom)};
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
      return {Treatment::reject, ErrorCode::bad_answer, fmt::format("{}: the answer is larger than {} bytes", whom, options.answer_bytes_max)};
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
      return {Treatment::retry, ErrorCode::unavailable, fmt::format("{}: the answer was cut short", whom)};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return {Treatment::retry, ErrorCode::bad_answer, fmt::format("{}: what came back is no HTTP answer", whom)};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Treatment::fatal, ErrorCode::invalid_option, fmt::format("{}: its certificate is not trusted: set `{}`", whom, options.ca_option)};
    case CURLE_SSL_CACERT_BADFILE:
      return {Treatment::fatal, ErrorCode::invalid_option, fmt::format("{}: the certificates of `{}` cannot be read", whom, options.ca_option)};
    case CURLE_URL_MALFORMAT:
      return {Treatment::fatal, ErrorCode::invalid_option, fmt::format("{}: the URL cannot be used: check the options of this service", whom)};
    default:
      return {Treatment::retry, ErrorCode::unavailable, fmt::format("{}: connection lost ({})", whom, curl_easy_strerror(code))};
  }
}

}  // namespace lernd
