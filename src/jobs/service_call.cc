#include "jobs/service_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace lernd {
namespace {

/// Far beyond any id of the platform, and far below what servers take in a request line.
constexpr std::size_t kIdBytesMax = 1024;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string service_address(std::string base, std::string path) {
  if (base.find("://") == std::string::npos) base.insert(0, "http://");
  while (base.ends_with('/')) base.pop_back();
  if (!path.empty() && !path.starts_with('/')) path.insert(0, "/");
  while (path.ends_with('/')) path.pop_back();
  return base + path;
}

std::string service_url(std::string base, std::string path) { return service_address(std::move(base), std::move(path)) + "/"; }

std::string url_encoded(std::string_view id) {
  std::string encoded;
  for (const char c : id) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

bool can_be_asked_for(std::string_view id) { return !id.empty() && id.size() <= kIdBytesMax && id != "." && id != ".."; }

std::optional<std::string_view> ServiceAnswer::reason() const {
  return document.root().find("params").value_or(JsonView()).find("err").value_or(JsonView()).text();
}

std::optional<ServiceAnswer> service_answer(const HttpAnswer& answer) {
  auto document = JsonDocument::parse(answer.body);
  if (!document) return std::nullopt;
  const JsonView root = document->root();
  const auto code = root.find("responseCode").value_or(JsonView()).text();
  if (!code) return std::nullopt;
  std::string capitals(*code);
  std::ranges::transform(capitals, capitals.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const JsonView result = root.find("result").value_or(JsonView());
  return ServiceAnswer{*std::move(document), std::move(capitals), result};
}

bool is_unreadable(const HttpAnswer& answer) { return !service_answer(answer); }

}  // namespace lernd
