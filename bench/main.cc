#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>

#include "driver_limit.h"
#include "grow.h"
#include "measure.h"

namespace lernd::bench {
namespace {

constexpr const char* kAbout =
    "Puts a load of enrolment-reconciliation on Kafka, Cassandra and Redis, runs a program over it until every output is there, and prints one JSON line.\n"
    "The servers are those of the file that LERND_SERVICES names: tools/services/services run kafka cassandra redis -- lernd_bench ...";

struct Arguments {
  Load load;
  std::string command = fmt::format("{} run enrolment-reconciliation --config {{config}}", LERND_BINARY);
  std::vector<std::string> sets;
  std::size_t limit_events = 2000;
  int patience_s = 120;
  bool grow = false;
};

double mebibytes(std::int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

std::string number_or_null(std::optional<double> value) { return value ? fmt::format("{:.1f}", *value) : "null"; }

std::string limit_json(const Figures& figures, const std::optional<LimitFigures>& limit) {
  if (!limit) return R"("limit_events_per_s":null,"limit_cpu_s_per_1000":null,"limit_in_flight":null,"of_limit":null)";
  return fmt::format(R"("limit_events_per_s":{:.0f},"limit_cpu_s_per_1000":{:.3f},"limit_in_flight":{},"of_limit":{:.2f})", limit->events_per_s,
                     limit->cpu_s_per_1000, limit->in_flight, figures.events_per_s / limit->events_per_s);
}

std::string json_line(const Load& load, const Figures& figures, const std::optional<LimitFigures>& limit) {
  std::vector<std::string> memory;
  for (const std::int64_t bytes : figures.memory_bytes) memory.push_back(fmt::format("{:.1f}", mebibytes(bytes)));
  return fmt::format(R"({{"learners":{},"events":{},"partitions":{},"contents":{},"units":{},"outputs":{},"rows":{},)"
                     R"("events_per_s":{:.0f},"cpu_s_per_1000":{:.3f},"memory_peak_mib":{:.1f},"memory_mib":[{}],"start_to_first_s":{:.2f},"seconds":{:.1f},)"
                     R"("idle_p50_ms":{},"idle_p99_ms":{},{}}})",
                     load.learners, load.events, load.partitions, load.contents, load.units, figures.outputs, figures.rows, figures.events_per_s,
                     figures.cpu_s_per_1000, mebibytes(figures.memory_peak_bytes), fmt::join(memory, ","), figures.start_to_first_s, figures.seconds,
                     number_or_null(figures.idle_p50_ms), number_or_null(figures.idle_p99_ms), limit_json(figures, limit));
}

void say(const std::string& text) { fmt::print(stderr, "{}\n", text); }

std::map<std::string, std::string> settings_of(const std::vector<std::string>& sets) {
  std::map<std::string, std::string> settings;
  for (const std::string& set : sets) {
    const auto equals = set.find('=');
    if (equals == std::string::npos) throw std::runtime_error(fmt::format("--set {}: write key=value", set));
    settings[set.substr(0, equals)] = set.substr(equals + 1);
  }
  return settings;
}

void bench(const Arguments& arguments) {
  say(fmt::format("Filling Cassandra and Redis: {} learners, {} contents, {} units", arguments.load.learners, arguments.load.contents, arguments.load.units));
  World world(Servers::from_environment(), arguments.load, settings_of(arguments.sets), limit_learners(arguments.limit_events, 2));
  std::optional<LimitFigures> limit;
  if (arguments.limit_events > 0) {
    // Before and after, as servers and machine change their pace. The first round also warms the servers up.
    say("Measuring the driver limit");
    limit = measure_driver_limit(world, arguments.limit_events, 0);
  }
  say("Running: " + arguments.command);
  const Figures figures = measure(world, arguments.command, std::chrono::seconds(arguments.patience_s));
  if (limit) {
    say("Measuring the driver limit again");
    limit = better(*limit, measure_driver_limit(world, arguments.limit_events, 1));
  }
  fmt::print("{}\n", json_line(arguments.load, figures, limit));
}

int run(int argc, char** argv) {
  Arguments arguments;
  CLI::App program(kAbout, "lernd_bench");
  program.get_formatter()->column_width(30);
  program.add_option("--learners", arguments.load.learners, "Learners of the course")->capture_default_str()->check(CLI::Range(2, 10'000'000));
  const auto* events = program.add_option("--events", arguments.load.events, "Sync requests (default: one a learner)")->check(CLI::Range(2, 100'000'000));
  program.add_option("--partitions", arguments.load.partitions, "Partitions of the input topic")->capture_default_str()->check(CLI::Range(1, 100));
  program.add_option("--contents", arguments.load.contents, "Contents of the course")->capture_default_str()->check(CLI::Range(1, 10'000));
  program.add_option("--units", arguments.load.units, "Units of the course")->capture_default_str()->check(CLI::Range(1, 1000));
  program.add_option("--idle", arguments.load.idle_events, "Events sent one by one afterwards")->capture_default_str();
  program.add_option("--limit-events", arguments.limit_events, "Events for each run of the bare driver; 0 leaves it out")->capture_default_str();
  program.add_option("--set", arguments.sets, "key=value for the configuration file, any number of times")->type_name("KEY=VALUE");
  program.add_option("--command", arguments.command, "What to run instead of lernd; see bench/README.md for {config} and other places")->capture_default_str();
  program.add_option("--patience", arguments.patience_s, "Seconds without any progress after which the run has failed")->capture_default_str();
  program.add_flag("--grow", arguments.grow, "Instead of one run: a table over workers, partitions, batch limits and contents");
  CLI11_PARSE(program, argc, argv);
  if (events->empty()) arguments.load.events = arguments.load.learners;
  arguments.load.units = std::min(arguments.load.units, arguments.load.contents);
  try {
    if (arguments.grow) {
      grow(arguments.load, arguments.command, settings_of(arguments.sets), std::chrono::seconds(arguments.patience_s));
    } else {
      bench(arguments);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "lernd_bench: {}\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace lernd::bench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return lernd::bench::run(argc, argv);
}
