#include "adapters/embedded/http_stub.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lernd {
namespace {

using Json = nlohmann::json;

/// Absent when the text is not JSON.
std::optional<Json> parsed(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

bool contains(const Json& actual, const Json& expected) {
  if (!expected.is_object()) return actual == expected;
  if (!actual.is_object()) return false;
  return std::ranges::all_of(expected.items(), [&](const auto& member) {
    const auto found = actual.find(member.key());
    return found != actual.end() && contains(*found, member.value());
  });
}

}  // namespace

std::string plain_path(std::string_view path) {
  std::string plain;
  for (const char c : path) {
    if (c != '/' || plain.empty() || plain.back() != '/') plain += c;
  }
  return plain;
}

std::optional<HttpCall> http_call(std::string_view method, std::string_view url, std::string_view body) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  if (const auto name = url.substr(0, scheme); name != "http" && name != "https") return std::nullopt;
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
  if (host_end == 0) return std::nullopt;
  rest.remove_prefix(host_end);
  const std::size_t mark = std::min(rest.find('?'), rest.size());
  const std::string_view path = rest.substr(0, mark);
  return HttpCall{.method = std::string(method),
                  .path = plain_path(path.empty() ? "/" : path),
                  .query = std::string(mark < rest.size() ? rest.substr(mark + 1) : ""),
                  .body = std::string(body)};
}

bool json_contains(std::string_view actual, std::string_view expected) {
  const auto left = parsed(actual);
  const auto right = parsed(expected);
  return left && right && contains(*left, *right);
}

bool answers(const HttpStub& stub, const HttpCall& call) {
  return stub.method == call.method && plain_path(stub.path) == plain_path(call.path) && (!stub.query || *stub.query == call.query) &&
         (!stub.body_contains_json || json_contains(call.body, *stub.body_contains_json));
}

std::optional<std::size_t> take_stub(std::span<HttpStub> stubs, const HttpCall& call) {
  const auto found = std::ranges::find_if(stubs, [&](const HttpStub& stub) { return stub.times.value_or(1) > 0 && answers(stub, call); });
  if (found == stubs.end()) return std::nullopt;
  if (found->times) --*found->times;
  return static_cast<std::size_t>(found - stubs.begin());
}

}  // namespace lernd
