#include "adapters/observe/prometheus_metrics.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <thread>
#include <vector>

namespace lernd {
namespace {

/// The value behind a series in the text format; absent when the series is not there.
std::optional<double> value_of(const PrometheusMetrics& metrics, const std::string& series) {
  std::istringstream lines(metrics.text());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(series + " ")) return std::stod(line.substr(series.size() + 1));
  }
  return std::nullopt;
}

TEST(PrometheusMetrics, DeclaredCountersAreThereWithZero) {
  PrometheusMetrics metrics("1.2.3");
  const std::vector<std::string> names{"total-events-count", "failed-events-count"};
  metrics.declare("job", names);
  EXPECT_EQ(metrics.counters("job"), (std::map<std::string, std::uint64_t>{{"failed-events-count", 0}, {"total-events-count", 0}}));
  EXPECT_EQ(value_of(metrics, R"(lernd_events_total{counter="total-events-count",job="job"})"), 0);
  EXPECT_EQ(value_of(metrics, R"(lernd_records_total{job="job"})"), 0);
}

TEST(PrometheusMetrics, CountersGrowAndReadingDoesNotResetThem) {
  PrometheusMetrics metrics("1.2.3");
  metrics.count("job", "db-read-count", 2);
  metrics.count("job", "db-read-count", 3);
  metrics.count("other", "db-read-count", 7);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(metrics.counters("job").at("db-read-count"), 5u);
    EXPECT_EQ(value_of(metrics, R"(lernd_events_total{counter="db-read-count",job="job"})"), 5);
    EXPECT_EQ(value_of(metrics, R"(lernd_events_total{counter="db-read-count",job="other"})"), 7);
  }
}

TEST(PrometheusMetrics, FaultsAreCountedByCode) {
  PrometheusMetrics metrics("1.2.3");
  metrics.dead_letter("job", ErrorCode::malformed_record);
  metrics.retried("job", ErrorCode::timed_out);
  metrics.retried("job", ErrorCode::timed_out);
  EXPECT_EQ(value_of(metrics, R"(lernd_dead_letters_total{code="malformed_record",job="job"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(lernd_retries_total{code="timed_out",job="job"})"), 2);
}

TEST(PrometheusMetrics, TimesGoIntoHistograms) {
  PrometheusMetrics metrics("1.2.3");
  metrics.step_took("job", "ask", 0.002);
  metrics.step_took("job", "ask", 0.2);
  metrics.batch_done("job", 500, 1.5);
  EXPECT_EQ(value_of(metrics, R"(lernd_step_seconds_count{job="job",step="ask"})"), 2);
  EXPECT_EQ(value_of(metrics, R"(lernd_step_seconds_bucket{job="job",step="ask",le="0.0025"})"), 1);
  EXPECT_EQ(value_of(metrics, R"(lernd_batch_seconds_sum{job="job"})"), 1.5);
  EXPECT_EQ(value_of(metrics, R"(lernd_records_total{job="job"})"), 500);
}

TEST(PrometheusMetrics, LagIsWhatItWasLast) {
  PrometheusMetrics metrics("1.2.3");
  metrics.lag("job", {"topic", 0}, 10);
  metrics.lag("job", {"topic", 0}, 4);
  metrics.lag("job", {"topic", 1}, 1);
  EXPECT_EQ(value_of(metrics, R"(lernd_lag_records{job="job",partition="0",topic="topic"})"), 4);
  EXPECT_EQ(value_of(metrics, R"(lernd_lag_records{job="job",partition="1",topic="topic"})"), 1);
}

TEST(PrometheusMetrics, ProcessAndVersion) {
  const PrometheusMetrics metrics("1.2.3");
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_EQ(value_of(metrics, R"(lernd_build_info{version="1.2.3"})"), 1);
  EXPECT_GT(value_of(metrics, "process_resident_memory_bytes").value_or(0), 1e6);
  EXPECT_LT(value_of(metrics, "process_resident_memory_bytes").value_or(1e18), 1e11);
  EXPECT_GT(value_of(metrics, "process_cpu_seconds_total").value_or(0), 0);
  EXPECT_NEAR(value_of(metrics, "process_start_time_seconds").value_or(0), now, 600);
}

TEST(PrometheusMetrics, CountsFromManyThreadsAddUp) {
  PrometheusMetrics metrics("1.2.3");
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) metrics.count("job", i % 2 == 0 ? "even" : "odd", 1);
    });
  }
  threads.clear();
  EXPECT_EQ(metrics.counters("job"), (std::map<std::string, std::uint64_t>{{"even", 2000}, {"odd", 2000}}));
}

}  // namespace
}  // namespace lernd
