#include "driver_limit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "script.h"
#include "support/process.h"

namespace lernd::bench {
namespace {

constexpr std::array kInFlight = {32, 64, 128, 256};

}  // namespace

LimitFigures better(const LimitFigures& a, const LimitFigures& b) { return a.events_per_s >= b.events_per_s ? a : b; }

std::size_t limit_items(std::size_t events, std::size_t rounds) { return events * kInFlight.size() * rounds; }

LimitFigures measure_driver_limit(World& world, std::size_t events, std::size_t round) {
  const auto script = world.folder() / "driver_limit.script";
  std::ofstream file(script, std::ios::binary);
  write_script(world, limit_items(events, round), limit_items(events, 1), file);
  file.close();
  if (!file) throw std::runtime_error(fmt::format("{} cannot be written; is its disk full?", script.string()));
  const std::string server = fmt::format("{}:{}", world.option("lms-cassandra.host"), world.option("lms-cassandra.port"));
  const Finished finished =
      run({.words = {LERND_DRIVER_LIMIT, script.string(), server, fmt::format("{}", events), fmt::format("{}", fmt::join(kInFlight, ","))}},
          std::chrono::minutes(10));
  if (finished.code != 0) throw std::runtime_error("the driver limit failed: " + finished.err);
  LimitFigures best;
  std::size_t start = 0;
  for (std::size_t end = finished.out.find('\n'); end != std::string::npos; end = finished.out.find('\n', start)) {
    const auto line = nlohmann::json::parse(finished.out.substr(start, end - start));
    best = better(best, {.events_per_s = line.at("events_per_s"), .cpu_s_per_1000 = line.at("cpu_s_per_1000"), .in_flight = line.at("in_flight")});
    start = end + 1;
  }
  return best;
}

}  // namespace lernd::bench
