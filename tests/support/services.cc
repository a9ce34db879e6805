#include "support/services.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "support/process.h"

namespace lernd {
namespace {

constexpr const char* kVariable = "LERND_SERVICES";
constexpr const char* kTool = LERND_SOURCE_DIR "/tools/services/services";
constexpr std::chrono::minutes kLimit{3};

/// What the file says of one server. It is read anew each time: a restart changes the process id.
nlohmann::json entry_of(const std::filesystem::path& file, std::string_view name) {
  std::ifstream stream(file);
  const auto entries = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!entries.is_object() || !entries.contains(std::string(name))) {
    throw std::runtime_error(file.string() + " names no server " + std::string(name) + ". Run these tests with: scripts/test services");
  }
  return entries.at(std::string(name));
}

Endpoint endpoint_of(const nlohmann::json& entry) { return {entry.at("host"), entry.at("port"), entry.value("user", ""), entry.value("password", "")}; }

}  // namespace

Servers Servers::from_environment() {
  const char* file = std::getenv(kVariable);
  if (file == nullptr || *file == '\0') {
    throw std::runtime_error(
        "LERND_SERVICES is not set, and this test needs real servers. Run: scripts/test services, or: tools/services/services run --durable -- ctest -L "
        "services");
  }
  return Servers(file);
}

std::string Servers::kafka() const { return entry_of(file_, "kafka").at("bootstrap"); }

Endpoint Servers::cassandra() const { return endpoint_of(entry_of(file_, "cassandra")); }

Endpoint Servers::redis() const { return endpoint_of(entry_of(file_, "redis")); }

Endpoint Servers::search(std::string_view name) const { return endpoint_of(entry_of(file_, name)); }

pid_t Servers::pid(std::string_view name) const {
  const auto entry = entry_of(file_, name);
  if (!entry.at("pid").is_number()) throw std::runtime_error(std::string(name) + " is stopped. Start it with: services start " + std::string(name));
  return entry.at("pid");
}

void Servers::start(std::string_view name) const { tell("start", name); }

void Servers::stop(std::string_view name) const { tell("stop", name); }

void Servers::restart(std::string_view name) const { tell("restart", name); }

void Servers::kill(std::string_view name) const { tell("kill", name); }

Outage Servers::outage(std::string_view name) const { return Outage(*this, name); }

void Servers::tell(std::string_view verb, std::string_view name) const {
  const Finished finished = run({.words = {kTool, std::string(verb), std::string(name), "--dir", file_.parent_path()}}, kLimit);
  if (finished.code != 0) throw std::runtime_error("services " + std::string(verb) + " " + std::string(name) + " failed: " + finished.err);
}

Outage::Outage(Servers services, std::string_view name) : services_(std::move(services)), name_(name) { services_.stop(name_); }

Outage::~Outage() {
  try {
    end();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

void Outage::end() {
  if (!std::exchange(over_, true)) services_.start(name_);
}

}  // namespace lernd
