#include "adapters/observe/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace lernd {
namespace {

void skip_words(std::istream& in, int count) {
  std::string word;
  while (count-- > 0) in >> word;
}

std::optional<double> resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  skip_words(statm, 1);
  if (!(statm >> pages)) return std::nullopt;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<double> cpu_seconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return std::nullopt;
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::optional<double> boot_seconds() {
  std::ifstream stat("/proc/stat");
  for (std::string word; stat >> word; stat.ignore(std::numeric_limits<std::streamsize>::max(), '\n')) {
    double seconds = 0;
    if (word == "btime" && stat >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<double> start_seconds() {
  std::ifstream stat("/proc/self/stat");
  double ticks = 0;
  // The second word is the program's name in brackets, which may hold blanks; the start is the 22nd.
  stat.ignore(std::numeric_limits<std::streamsize>::max(), ')');
  skip_words(stat, 19);
  const auto boot = boot_seconds();
  if (!(stat >> ticks) || !boot) return std::nullopt;
  return *boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void add(std::vector<prometheus::MetricFamily>& families, std::string name, std::string help, prometheus::MetricType type, std::optional<double> value) {
  if (!value) return;
  prometheus::ClientMetric metric;
  (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = *value;
  families.push_back({.name = std::move(name), .help = std::move(help), .type = type, .metric = {std::move(metric)}});
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  std::vector<prometheus::MetricFamily> families;
  add(families, "process_resident_memory_bytes", "Resident memory size in bytes", prometheus::MetricType::Gauge, resident_bytes());
  add(families, "process_cpu_seconds_total", "User and system processor time in seconds", prometheus::MetricType::Counter, cpu_seconds());
  add(families, "process_start_time_seconds", "Start of the process in seconds since the epoch", prometheus::MetricType::Gauge, start_seconds());
  return families;
}

}  // namespace lernd
