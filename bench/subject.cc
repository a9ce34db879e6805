#include "subject.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace lernd::bench {
namespace {

constexpr std::size_t kLastWordsBytes = 2000;

std::string filled_in(std::string command, const World& world) {
  const std::pair<std::string, std::string> places[] = {
      {"{config}", world.config().string()},
      {"{brokers}", world.option("kafka.broker-servers")},
      {"{cassandra_host}", world.option("lms-cassandra.host")},
      {"{cassandra_port}", world.option("lms-cassandra.port")},
      {"{redis_host}", world.option("redis.host")},
      {"{redis_port}", world.option("redis.port")},
      {"{keyspace}", world.option("job.env")},  // one name for both
      {"{env}", world.option("job.env")},
      {"{group}", world.option("kafka.groupId")},
  };
  for (const auto& [place, value] : places) {
    for (auto at = command.find(place); at != std::string::npos; at = command.find(place, at + value.size())) command.replace(at, place.size(), value);
  }
  return command;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Source: proc(5), /proc/[pid]/stat: utime, stime, cutime and cstime are fields 14 to 17; the name in field 2 may hold blanks.
double cpu_seconds(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(stat.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  double ticks = 0;
  for (int field = 14; field <= 17; ++field) {
    double one = 0;
    rest >> one;
    ticks += one;
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::int64_t status_bytes(const std::string& status, const std::string& name) {
  const auto at = status.find("\n" + name + ":");
  return at == std::string::npos ? 0 : std::stoll(status.substr(at + name.size() + 2)) * 1024;
}

}  // namespace

Subject::Subject(const World& world, const std::string& command)
    : log_(world.folder() / "subject.log"),
      started_(std::chrono::steady_clock::now()),
      process_({.words = {"/bin/sh", "-c", "exec " + filled_in(command, world)}, .directory = world.folder(), .out_file = log_, .err_file = log_}) {}

Usage Subject::usage() {
  if (const auto code = process_.wait(std::chrono::milliseconds(0)))
    throw std::runtime_error(fmt::format("the process under test ended with {}:\n{}", *code, last_words()));
  const auto folder = std::filesystem::path("/proc") / fmt::format("{}", process_.pid());
  const std::string status = content(folder / "status");
  return {cpu_seconds(content(folder / "stat")), status_bytes(status, "VmRSS"), status_bytes(status, "VmHWM")};
}

void Subject::stop() {
  process_.signal(SIGTERM);
  const auto code = process_.wait(std::chrono::minutes(1));
  if (!code) throw std::runtime_error("the process under test does not end within a minute of SIGTERM:\n" + last_words());
  if (*code != 0) throw std::runtime_error(fmt::format("the process under test answered SIGTERM with exit code {}:\n{}", *code, last_words()));
}

std::string Subject::last_words() const {
  const std::string text = content(log_);
  return text.size() <= kLastWordsBytes ? text : text.substr(text.size() - kLastWordsBytes);
}

}  // namespace lernd::bench
