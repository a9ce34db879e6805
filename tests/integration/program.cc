#include "integration/program.h"

#include <httplib.h>

#include <stdexcept>
#include <thread>

namespace lernd {
namespace {

constexpr std::string_view kAddress = "http://127.0.0.1:";
constexpr std::chrono::milliseconds kLookEvery{10};

int port_of(Process& process) {
  if (!process.wait_for_output(kAddress, kLimit)) throw std::runtime_error("no admin pages: " + process.err());
  const auto text = process.err();
  return std::stoi(text.substr(text.find(kAddress) + kAddress.size()));
}

}  // namespace

Finished lernd(std::vector<std::string> words, std::chrono::milliseconds limit) {
  words.insert(words.begin(), LERND_BINARY);
  return run({.words = std::move(words)}, limit);
}

bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kLookEvery);
  }
  return true;
}

std::vector<std::string> lines_with(const std::string& text, std::string_view part) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.contains(part)) lines.push_back(line);
  }
  return lines;
}

AdminClient::AdminClient(Process& process) : port_(port_of(process)) {}

AdminClient::Answer AdminClient::get(const std::string& path) const {
  httplib::Client client("127.0.0.1", port_);
  const auto answer = client.Get(path);
  if (!answer) return {};
  return {answer->status, answer->get_header_value("Content-Type"), answer->body};
}

nlohmann::json AdminClient::job() const {
  const auto answer = get("/jobs");
  return answer.status == 200 ? nlohmann::json::parse(answer.body).at(0) : nlohmann::json();
}

int AdminClient::records_done() const {
  const auto found = job();
  return found.is_null() ? 0 : found.at("records_done").get<int>();
}

}  // namespace lernd
