#include "sync/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <unordered_set>

#include "core/json.h"

namespace lernd::sync {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kLongestWaitSeconds = 100L * 365 * 24 * 3600;  // whatever a header says, it stays a number that can be added to

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view header(const HttpAnswer& answer, std::string_view name) {
  for (const Header& header : answer.headers) {
    if (equal_without_case(header.name, name)) return header.value;
  }
  return {};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return text.starts_with('-') ? 0 : kLongestWaitSeconds;
  return number;
}

milliseconds seconds(std::int64_t number) { return milliseconds(std::clamp<std::int64_t>(number, 0, kLongestWaitSeconds) * 1000); }

milliseconds retry_after(std::string_view text, Timestamp now) {
  if (const auto number = whole_number(text)) return seconds(*number);
  std::tm parts{};
  const std::string date(text);
  if (date.empty() || ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return milliseconds(0);
  return milliseconds(std::clamp<std::int64_t>(static_cast<std::int64_t>(::timegm(&parts)) * 1000 - now.ms, 0, kLongestWaitSeconds * 1000));
}

milliseconds throttle_wait(const HttpAnswer& answer, Timestamp now) {
  if (const auto wait = retry_after(header(answer, kRetryAfter), now); wait.count() > 0) return wait;
  if (const auto reset = whole_number(header(answer, kRateLimitReset))) return seconds(*reset);
  if (whole_number(header(answer, kRemainingThisHour)) == 0) return milliseconds(kHourMs - now.ms % kHourMs + 1000);
  return milliseconds(0);
}

std::optional<std::string_view> text_at(JsonView object, std::string_view outer, std::string_view inner) {
  const auto found = object.find(outer);
  const auto member = found ? found->find(inner) : std::nullopt;
  return member ? member->text() : std::nullopt;
}

bool says_success(JsonView root) {
  const auto code = root.find("responseCode");
  if (code && code->text() && equal_without_case(*code->text(), "OK")) return true;
  const auto response = text_at(root, "result", "response");
  return response && equal_without_case(*response, "SUCCESS");
}

/// What the body says about a failure, on one line.
std::string reason_in(std::string_view body) {
  constexpr std::size_t kShown = 300;
  std::string text;
  if (const auto document = JsonDocument::parse(body); document && document->root().is_object()) {
    const auto message = document->root().find("message");
    for (const auto part :
         {text_at(document->root(), "params", "err"), text_at(document->root(), "params", "errmsg"), message ? message->text() : std::nullopt}) {
      if (part && !part->empty()) text += (text.empty() ? "" : " ") + std::string(*part);
    }
  }
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return text;
}

Outcome outcome_of(int status) {
  switch (status) {
    case 408:
    case 425:
    case 500:
    case 502:
    case 503:
    case 504:
      return Outcome::retryable;
    case 429:
      return Outcome::throttled;
    case 413:
      return Outcome::too_large;
    default:
      return Outcome::fatal;
  }
}

std::string_view advice(int status) {
  if (status == 401 || status == 403) return " (check sunbird_sync_api_key)";
  if (status == 404 || status == 405 || (status >= 300 && status < 400)) return " (check sunbird_sync_api_endpoint)";
  if (status == 400) return " (check sunbird_sync_object_type)";
  if (status == 413) return " (lower sunbird_sync_body_max_bytes)";
  return "";
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return "accepted";
    case Outcome::retryable:
      return "retryable";
    case Outcome::throttled:
      return "throttled";
    case Outcome::too_large:
      return "too_large";
    case Outcome::fatal:
      return "fatal";
  }
  return "fatal";
}

Verdict judge(const Result<HttpAnswer>& answer, Timestamp now) {
  if (!answer) {
    const auto outcome = answer.error().treatment == Treatment::retry ? Outcome::retryable : Outcome::fatal;
    return {.outcome = outcome, .label = std::string(name_of(answer.error().code)), .text = answer.error().text};
  }
  Verdict verdict{.outcome = outcome_of(answer->status), .status = answer->status, .label = std::to_string(answer->status)};
  if (answer->status == 200) {
    const auto document = JsonDocument::parse(answer->body);
    if (document && document->root().is_object() && says_success(document->root())) {
      verdict.outcome = Outcome::accepted;
      return verdict;
    }
    verdict.text = "status 200, but the answer is not one of the Sync API (check sunbird_sync_api_endpoint)";
    return verdict;
  }
  const std::string reason = reason_in(answer->body);
  verdict.text = fmt::format("status {}{}{}{}", answer->status, reason.empty() ? "" : ": ", reason, advice(answer->status));
  if (answer->status == 429) verdict.wait_min = throttle_wait(*answer, now);
  if (answer->status == 503) verdict.wait_min = retry_after(header(*answer, kRetryAfter), now);
  return verdict;
}

std::optional<std::vector<bool>> confirmations(std::string_view body, std::span<const bulk::Item> items) {
  const auto document = JsonDocument::parse(body);
  if (!document) return std::nullopt;
  const auto result = document->root().find("result");
  const auto told = result ? result->find("esSyncResponse") : std::nullopt;
  if (!told || !told->is_object()) return std::nullopt;
  std::unordered_set<std::string_view> confirmed;
  for (const auto& [id, value] : told->members()) {
    if (value.boolean() == true) {
      confirmed.insert(id);
    } else {
      confirmed.erase(id);
    }
  }
  std::vector<bool> out;
  for (const bulk::Item& item : items) out.push_back(confirmed.contains(item.line));
  return out;
}

}  // namespace lernd::sync
