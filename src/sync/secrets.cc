#include "sync/secrets.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/parameters.h"

namespace lernd::sync {
namespace {

/// Whether this place is inside the name of a parameter: a password such as `cassandra` must not make messages unreadable.
bool is_in_name(std::string_view text, std::size_t at) {
  constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz_";
  const auto before = text.substr(0, at).find_last_not_of(kNameLetters);
  const auto first = before == std::string_view::npos ? 0 : before + 1;
  return find_parameter(text.substr(first, text.find_first_not_of(kNameLetters, first) - first)) != nullptr;
}

}  // namespace

std::string shown_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url.contains('@') ? "***" : url);
  const auto host = scheme + 3;
  const auto authority = url.substr(host, url.find_first_of("/?#", host) - host);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return fmt::format("{}***{}", url.substr(0, host), url.substr(host + at));
}

Secrets::Secrets(const Options& options) {
  for (const std::string& text : {options.api_key, options.cassandra.password}) {
    if (!text.empty()) secrets_.push_back(text);
  }
  if (const std::string shown = shown_url(options.endpoint); shown != options.endpoint) {
    const auto host = options.endpoint.find("://") + 3;
    const auto user_and_password = options.endpoint.substr(host, options.endpoint.find('@', host) - host);
    secrets_.push_back(user_and_password);
    if (const auto colon = user_and_password.find(':'); colon + 1 < user_and_password.size() && colon != std::string::npos) {
      secrets_.push_back(user_and_password.substr(colon + 1));
    }
  }
  // The longest first, so that one inside another does not leave a rest of it.
  std::ranges::sort(secrets_, [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Secrets::masked(std::string text) const {
  for (const std::string& secret : secrets_) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 1)) {
      if (!is_in_name(text, at)) text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

}  // namespace lernd::sync
