#include "adapters/observe/prometheus_metrics.h"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/observe/process_metrics.h"

namespace lernd {
namespace {

using LabelValues = std::span<const std::string_view>;

/// From a look-up of a cached row to a batch that waits for a service.
const prometheus::Histogram::BucketBoundaries kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

struct LabelHash {
  using is_transparent = void;
  template <class Values>
  std::size_t operator()(const Values& values) const {
    std::size_t hash = 0;
    for (const std::string_view value : values) hash = hash * 31 + std::hash<std::string_view>()(value);
    return hash;
  }
};

struct LabelEqual {
  using is_transparent = void;
  template <class Left, class Right>
  bool operator()(const Left& left, const Right& right) const {
    return std::ranges::equal(left, right);
  }
};

/// The metrics of one family by their label values. The library's own look-up builds and hashes a map of strings each time, which is too dear for counting.
template <class Metric>
class Labelled {
 public:
  Labelled(prometheus::Family<Metric>& family, std::vector<std::string> names) : family_(family), names_(std::move(names)) {}

  template <class... Arguments>
  Metric& with(LabelValues values, const Arguments&... arguments) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto known = metrics_.find(values); known != metrics_.end()) return *known->second;
    }
    const std::unique_lock lock(mutex_);
    std::vector<std::string> key(values.begin(), values.end());
    prometheus::Labels labels;
    for (std::size_t i = 0; i < key.size(); ++i) labels.emplace(names_[i], key[i]);
    Metric& metric = family_.Add(labels, arguments...);
    metrics_.insert_or_assign(std::move(key), &metric);
    return metric;
  }

  template <class Use>
  void for_each(Use use) const {
    const std::shared_lock lock(mutex_);
    for (const auto& [values, metric] : metrics_) use(values, *metric);
  }

 private:
  prometheus::Family<Metric>& family_;
  std::vector<std::string> names_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::vector<std::string>, Metric*, LabelHash, LabelEqual> metrics_;
};

}  // namespace

struct PrometheusMetrics::Families {
  prometheus::Registry registry;
  Labelled<prometheus::Counter> events{prometheus::BuildCounter().Name("lernd_events_total").Help("Counters of the job's specification").Register(registry),
                                       {"job", "counter"}};
  Labelled<prometheus::Counter> records{prometheus::BuildCounter().Name("lernd_records_total").Help("Records done").Register(registry), {"job"}};
  Labelled<prometheus::Counter> dead_letters{
      prometheus::BuildCounter().Name("lernd_dead_letters_total").Help("Records parked in the dead-letter topic").Register(registry), {"job", "code"}};
  Labelled<prometheus::Counter> retries{
      prometheus::BuildCounter().Name("lernd_retries_total").Help("Attempts made again after a fault that may pass").Register(registry), {"job", "code"}};
  Labelled<prometheus::Histogram> steps{prometheus::BuildHistogram().Name("lernd_step_seconds").Help("Time of one step of a batch").Register(registry),
                                        {"job", "step"}};
  Labelled<prometheus::Histogram> batches{prometheus::BuildHistogram().Name("lernd_batch_seconds").Help("Time of a whole batch").Register(registry), {"job"}};
  Labelled<prometheus::Gauge> lags{prometheus::BuildGauge().Name("lernd_lag_records").Help("Records of the partition that are not done yet").Register(registry),
                                   {"job", "topic", "partition"}};
};

PrometheusMetrics::PrometheusMetrics(std::string_view version) : families_(std::make_unique<Families>()) {
  prometheus::BuildGauge()
      .Name("lernd_build_info")
      .Help("Version of the program")
      .Register(families_->registry)
      .Add({{"version", std::string(version)}})
      .Set(1);
}

PrometheusMetrics::~PrometheusMetrics() = default;

void PrometheusMetrics::declare(std::string_view job, std::span<const std::string> counters) {
  for (const std::string& counter : counters) families_->events.with(std::array<std::string_view, 2>{job, counter});
  families_->records.with(std::array{job});
}

void PrometheusMetrics::count(std::string_view job, std::string_view name, std::uint64_t n) {
  families_->events.with(std::array{job, name}).Increment(static_cast<double>(n));
}

void PrometheusMetrics::dead_letter(std::string_view job, ErrorCode code) { families_->dead_letters.with(std::array{job, name_of(code)}).Increment(); }

void PrometheusMetrics::retried(std::string_view job, ErrorCode code) { families_->retries.with(std::array{job, name_of(code)}).Increment(); }

void PrometheusMetrics::step_took(std::string_view job, std::string_view step, double seconds) {
  families_->steps.with(std::array{job, step}, kSeconds).Observe(seconds);
}

void PrometheusMetrics::batch_done(std::string_view job, std::uint64_t records, double seconds) {
  families_->records.with(std::array{job}).Increment(static_cast<double>(records));
  families_->batches.with(std::array{job}, kSeconds).Observe(seconds);
}

void PrometheusMetrics::lag(std::string_view job, const TopicPartition& source, std::int64_t records) {
  const std::string partition = fmt::to_string(source.partition);
  families_->lags.with(std::array<std::string_view, 3>{job, source.topic, partition}).Set(static_cast<double>(records));
}

std::string PrometheusMetrics::text() const {
  auto families = families_->registry.Collect();
  std::ranges::move(process_metrics(), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

std::map<std::string, std::uint64_t> PrometheusMetrics::counters(std::string_view job) const {
  std::map<std::string, std::uint64_t> counters;
  families_->events.for_each([&](const std::vector<std::string>& labels, const prometheus::Counter& counter) {
    if (labels[0] == job) counters.emplace(labels[1], static_cast<std::uint64_t>(counter.Value()));
  });
  return counters;
}

}  // namespace lernd
