#include "fault/index_gate.h"

#include <httplib.h>

#include <sstream>

#include "support/must.h"

namespace lernd {
namespace {

/// Longer than the clients behind a gate wait for an answer.
constexpr std::chrono::seconds kStall{5};

std::vector<std::string> changed_documents(const std::string& bulk) {
  std::vector<std::string> ids;
  std::istringstream lines(bulk);
  for (std::string action, fields; std::getline(lines, action) && std::getline(lines, fields);) {
    ids.push_back(nlohmann::json::parse(action).at("update").at("_id"));
  }
  return ids;
}

}  // namespace

std::optional<IndexAnswer> ask_index(const std::string& server, const std::string& method, const std::string& path, const std::string& body) {
  httplib::Client client("http://" + server);
  client.set_connection_timeout(std::chrono::seconds(2));
  client.set_read_timeout(std::chrono::seconds(15));
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  request.set_header("Content-Type", "application/json");
  const auto answer = client.send(request);
  if (!answer) return std::nullopt;
  return IndexAnswer{answer->status, answer->body};
}

IndexGate::IndexGate(std::string server, std::function<void(const std::vector<std::string>&)> meddle) : server_(std::move(server)), meddle_(std::move(meddle)) {
  proxy_ = must(StubServer::start([this](const StubRequest& request) { return reply(request); }));
}

StubReply IndexGate::reply(const StubRequest& request) {
  const bool changes = request.path == "/_bulk";
  if (changes) ++updates_;
  const GateState state = state_;
  if (state == GateState::resets) return {.body = "", .fault = StubReply::Fault::reset};
  if (state == GateState::broken) return {.status = 503, .body = "<html>no upstream</html>"};
  if (changes && meddle_) meddle_(changed_documents(request.body));
  StubReply reply = pass(request);
  if (state == GateState::loses_answers) reply.fault = StubReply::Fault::reset;
  if (state == GateState::stalls) reply.delay = kStall;
  return reply;
}

StubReply IndexGate::pass(const StubRequest& request) const {
  const auto answer = ask_index(server_, request.method, request.query.empty() ? request.path : request.path + "?" + request.query, request.body);
  if (!answer) return {.body = "", .fault = StubReply::Fault::reset};
  return {.status = answer->status, .body = answer->body};
}

}  // namespace lernd
