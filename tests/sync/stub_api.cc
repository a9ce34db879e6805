#include "sync/stub_api.h"

#include <strings.h>

#include <algorithm>

#include "support/must.h"

namespace lernd::sync {
namespace {

bool fits(const nlohmann::json& rule, const StubRequest& request) {
  if (rule.value("method", request.method) != request.method || rule.value("path", request.path) != request.path) return false;
  const auto match = rule.value("match", nlohmann::json::object());
  if (match.contains("body") && !contains_json(nlohmann::json::parse(request.body, nullptr, false), match["body"])) return false;
  const auto headers = match.value("headers", nlohmann::json::object());
  return std::ranges::all_of(headers.items(), [&](const auto& header) {
    const auto* found = header_of(request, header.key());
    const std::string wanted = header.value();
    return found != nullptr && *found == wanted;
  });
}

StubReply reply_of(const nlohmann::json& response) {
  StubReply reply;
  const auto fault = response.value("fault", "");
  if (fault == "reset" || fault == "refused") reply.fault = StubReply::Fault::reset;
  if (fault == "timeout") reply.delay = std::chrono::minutes(10);
  reply.status = response.value("status", 200);
  reply.body = response.contains("body") ? response["body"].dump() : response.value("raw", "");
  if (response.contains("delay_ms")) reply.delay = std::chrono::milliseconds(response["delay_ms"].get<int>());
  const auto headers = response.value("headers", nlohmann::json::object());
  for (const auto& [name, value] : headers.items()) reply.headers.push_back({.name = name, .value = value});
  return reply;
}

}  // namespace

StubApi::StubApi(std::function<void(std::size_t)> on_call)
    : on_call_(std::move(on_call)), server_(must(StubServer::start([this](const StubRequest& request) { return answer(request); }))) {}

void StubApi::play(const nlohmann::json& stubs) {
  const std::scoped_lock lock(mutex_);
  answer_ = nullptr;
  stubs_.clear();
  for (const auto& stub : stubs) stubs_.push_back({.rule = stub});
}

void StubApi::play(std::function<StubReply(const StubRequest&)> answer) {
  const std::scoped_lock lock(mutex_);
  answer_ = std::move(answer);
}

void StubApi::on_call(std::function<void(std::size_t)> on_call) {
  const std::scoped_lock lock(mutex_);
  on_call_ = std::move(on_call);
}

std::vector<StubRequest> StubApi::calls() const {
  const std::scoped_lock lock(mutex_);
  return calls_;
}

std::vector<StubRequest> StubApi::take_calls() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(calls_, {});
}

std::string StubApi::url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

StubReply StubApi::answer(const StubRequest& request) {
  const std::scoped_lock lock(mutex_);
  calls_.push_back(request);
  if (on_call_) on_call_(calls_.size());
  return answer_ ? answer_(request) : answer_by_stubs(request);
}

StubReply StubApi::answer_by_stubs(const StubRequest& request) {
  for (Stub& stub : stubs_) {
    const auto match = stub.rule.value("match", nlohmann::json::object());
    if ((match.contains("times") && stub.used >= match["times"].get<int>()) || !fits(stub.rule, request)) continue;
    ++stub.used;
    return reply_of(stub.rule.at("response"));
  }
  return {.status = 404};
}

std::vector<std::string> ids_of(const StubRequest& request) {
  std::vector<std::string> ids;
  const auto body = nlohmann::json::parse(request.body);
  for (const auto& id : body.at("request").at("objectIds")) ids.push_back(id.is_string() ? id.get<std::string>() : id.dump());
  return ids;
}

bool contains_json(const nlohmann::json& whole, const nlohmann::json& part) {
  if (!part.is_object()) return whole == part;
  return whole.is_object() && std::ranges::all_of(part.items(), [&](const auto& member) {
           return whole.contains(member.key()) && contains_json(whole[member.key()], member.value());
         });
}

const std::string* header_of(const StubRequest& request, const std::string& name) {
  const auto found = std::ranges::find_if(request.headers, [&](const Header& header) { return ::strcasecmp(header.name.c_str(), name.c_str()) == 0; });
  return found == request.headers.end() ? nullptr : &found->value;
}

}  // namespace lernd::sync
