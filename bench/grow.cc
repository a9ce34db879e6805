#include "grow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "driver_limit.h"
#include "measure.h"

namespace lernd::bench {
namespace {

constexpr std::size_t kLimitEvents = 1000;

struct Step {
  std::string what;
  Size size;
  std::map<std::string, std::string> set;
};

std::vector<Step> steps_of(const LoadKind& kind, const Size& base, const std::map<std::string, std::string>& set) {
  std::vector<Step> steps;
  const auto add = [&](std::string what) -> Step& { return steps.emplace_back(Step{std::move(what), base, set}); };
  // Workers need a partition each.
  for (const int workers : {1, 2, 4}) {
    Step& step = add(fmt::format("{} worker(s) on 4 partitions", workers));
    step.size.partitions = 4;
    step.set["lernd.workers"] = fmt::format("{}", workers);
  }
  for (const int partitions : {1, 2, 8}) add(fmt::format("{} partitions, 1 worker", partitions)).size.partitions = partitions;
  for (const int records : {1, 10, 100, 500, 2000}) {
    Step& step = add(fmt::format("batches of {}", records));
    step.set["lernd.batch.records_max"] = fmt::format("{}", records);
    // One by one it takes as long as the servers need for one event after the other.
    if (records == 1) step.size.learners = step.size.events = std::max<std::size_t>(2, base.learners / 10);
  }
  for (const std::size_t contents : {kind.contents_min, std::size_t{20}, std::size_t{200}}) {
    Step& step = add(fmt::format("{} contents", contents));
    step.size.contents = contents;
    step.size.units = std::min(base.units, contents);
  }
  return steps;
}

}  // namespace

void grow(const LoadKind& kind, const Size& size, const std::string& command, const std::map<std::string, std::string>& set, std::chrono::seconds patience) {
  Size base = size;
  base.events = base.learners;
  base.idle_events = 0;
  fmt::print("| run | events/s | driver limit | of the limit | CPU s per 1,000 | MiB at the most |\n|---|---|---|---|---|---|\n");
  for (const Step& step : steps_of(kind, base, set)) {
    fmt::print(stderr, "{}\n", step.what);
    World world(Servers::from_environment(), kind, step.size, step.set, limit_items(kLimitEvents, 2));
    const LimitFigures before = measure_driver_limit(world, kLimitEvents, 0);
    const Figures figures = measure(world, command, patience);
    const LimitFigures limit = better(before, measure_driver_limit(world, kLimitEvents, 1));
    fmt::print("| {} | {:.0f} | {:.0f} | {:.0f} % | {:.3f} | {:.0f} |\n", step.what, figures.events_per_s, limit.events_per_s,
               figures.events_per_s / limit.events_per_s * 100, figures.cpu_s_per_1000, static_cast<double>(figures.memory_peak_bytes) / (1 << 20));
    std::fflush(stdout);
  }
}

}  // namespace lernd::bench
