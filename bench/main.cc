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
    "Puts the load of one job on Kafka, Cassandra and Redis, runs a program over it until all of it is done and found right, and prints one JSON line.\n"
    "The servers are those of the file that LERND_SERVICES names: tools/services/services run kafka cassandra redis -- lernd_bench ...; --load transfers "
    "wants\n"
    "elasticsearch too.";

/// Of items that are large, at least so many.
constexpr std::size_t kItemsMin = 5;

struct Arguments {
  std::string load = "reconciliation";
  Size size;
  std::string command;
  std::vector<std::string> sets;
  std::size_t limit_events = 2000;
  int patience_s = 120;
  int service_ms = 0;
  std::string search = "elasticsearch";
  bool grow = false;
};

double mebibytes(std::int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

std::string number_or_null(std::optional<double> value) { return value ? fmt::format("{:.1f}", *value) : "null"; }

/// A rate, or CPU time of something large: three digits at least.
std::string figure(double value) { return fmt::format("{:.{}f}", value, value < 10 ? 2 : value < 100 ? 1 : 0); }

/// The same figures by course batches.
std::string batches_json(const LoadKind& kind, const Size& size, const Figures& figures) {
  if (!kind.batches) return R"("batches":null,"batches_per_s":null,"cpu_s_per_1000_batches":null)";
  const auto batches = static_cast<double>(size.batches);
  return fmt::format(R"("batches":{},"batches_per_s":{},"cpu_s_per_1000_batches":{:.3f})", size.batches, figure(figures.events_per_s * batches),
                     figures.cpu_s_per_1000 / batches);
}

std::string limit_json(const Figures& figures, const std::optional<LimitFigures>& limit) {
  if (!limit) return R"("limit_events_per_s":null,"limit_cpu_s_per_1000":null,"limit_in_flight":null,"of_limit":null)";
  return fmt::format(R"("limit_events_per_s":{},"limit_cpu_s_per_1000":{:.3f},"limit_in_flight":{},"of_limit":{:.2f})", figure(limit->events_per_s),
                     limit->cpu_s_per_1000, limit->in_flight, figures.events_per_s / limit->events_per_s);
}

std::string json_line(const LoadKind& kind, const Size& size, const Figures& figures, const std::optional<LimitFigures>& limit) {
  std::vector<std::string> memory;
  for (const std::int64_t bytes : figures.memory_bytes) memory.push_back(fmt::format("{:.1f}", mebibytes(bytes)));
  return fmt::format(R"({{"load":"{}","learners":{},"events":{},"partitions":{},"contents":{},"units":{},{},"outputs":{},"rows":{},)"
                     R"("events_per_s":{},"cpu_s_per_1000":{:.3f},"memory_peak_mib":{:.1f},"memory_mib":[{}],"start_to_first_s":{:.2f},"seconds":{:.1f},)"
                     R"("idle_p50_ms":{},"idle_p99_ms":{},{}}})",
                     kind.name, size.learners, size.events, size.partitions, size.contents, size.units, batches_json(kind, size, figures), figures.outputs,
                     figures.rows, figure(figures.events_per_s), figures.cpu_s_per_1000, mebibytes(figures.memory_peak_bytes), fmt::join(memory, ","),
                     figures.start_to_first_s, figures.seconds, number_or_null(figures.idle_p50_ms), number_or_null(figures.idle_p99_ms),
                     limit_json(figures, limit));
}

void say(const std::string& text) { fmt::print(stderr, "{}\n", text); }

std::map<std::string, std::string> settings_of(const Arguments& arguments, const Servers& servers) {
  std::map<std::string, std::string> settings;
  if (arguments.search != Arguments().search) {
    const Endpoint search = servers.search(arguments.search);
    settings["es.basePath"] = fmt::format("{}:{}", search.host, search.port);
  }
  for (const std::string& set : arguments.sets) {
    const auto equals = set.find('=');
    if (equals == std::string::npos) throw std::runtime_error(fmt::format("--set {}: write key=value", set));
    settings[set.substr(0, equals)] = set.substr(equals + 1);
  }
  return settings;
}

void bench(const LoadKind& kind, const Arguments& arguments) {
  const Size& size = arguments.size;
  say(kind.batches ? fmt::format("Filling the stores for {}: {} owners of {} batches", kind.name, size.learners, size.batches)
                   : fmt::format("Filling the stores for {}: {} learners, {} contents, {} units", kind.name, size.learners, size.contents, size.units));
  const Servers servers = Servers::from_environment();
  World world(servers, kind, size, settings_of(arguments, servers), limit_items(arguments.limit_events, 2));
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
  fmt::print("{}\n", json_line(kind, size, figures, limit));
}

/// Puts the load's own defaults where an option was not given, and checks what was. Throws when an option cannot apply to the load.
void settle(const LoadKind& kind, const CLI::App& given, Arguments& arguments) {
  Size& size = arguments.size;
  if (arguments.command.empty()) arguments.command = fmt::format("{} run {} --config {{config}}", LERND_BINARY, kind.job);
  if (!kind.units && given.count("--units") > 0) throw std::runtime_error(fmt::format("--units does not apply to --load {}: leave it out", kind.name));
  if (size.contents < kind.contents_min) {
    throw std::runtime_error(fmt::format("--contents {}: --load {} needs at least {}", size.contents, kind.name, kind.contents_min));
  }
  if (kind.answer == nullptr && arguments.service_ms > 0) {
    throw std::runtime_error(fmt::format("--service-ms: --load {} calls no HTTP service: leave it out", kind.name));
  }
  size.service_delay = std::chrono::milliseconds(arguments.service_ms);
  for (const auto* option : {"--batches", "--search"}) {
    if (!kind.batches && given.count(option) > 0) throw std::runtime_error(fmt::format("{} does not apply to --load {}: leave it out", option, kind.name));
  }
  if (kind.batches && arguments.grow) {
    throw std::runtime_error(
        fmt::format("--grow does not apply to --load {}: give --batches, and --set task.user.ownership.transfer.parallelism=...", kind.name));
  }
  const std::size_t batches = kind.batches ? size.batches : 1;
  size.units = kind.units ? std::min(size.units, size.contents) : 1;
  const std::size_t rounds_max = kind.rounds_max(size);
  if (given.count("--learners") == 0) {
    size.learners = std::max(kItemsMin, kind.learners / batches);
    if (given.count("--events") > 0) size.learners = std::max(size.learners, (size.events - 1) / rounds_max + 1);
  }
  if (given.count("--idle") == 0) size.idle_events = std::max(kItemsMin, size.idle_events / batches);
  if (given.count("--limit-events") == 0) arguments.limit_events = std::max<std::size_t>(1, arguments.limit_events / batches);
  if (given.count("--events") == 0) size.events = size.learners * std::min(kind.rounds, rounds_max);
  if ((size.events - 1) / size.learners >= rounds_max) {
    throw std::runtime_error(fmt::format("--events {}: --load {} has at most {} for each of {} learners; give --learners {}", size.events, kind.name,
                                         rounds_max, size.learners, (size.events - 1) / rounds_max + 1));
  }
}

int run(int argc, char** argv) {
  Arguments arguments;
  Size& size = arguments.size;
  std::vector<std::string> kinds;
  for (const LoadKind& kind : load_kinds()) kinds.emplace_back(kind.name);
  CLI::App program(kAbout, "lernd_bench");
  program.get_formatter()->column_width(30);
  program.add_option("--load", arguments.load, "Whose work: see bench/README.md")->capture_default_str()->check(CLI::IsMember(kinds));
  program
      .add_option("--learners", size.learners,
                  "Learners of the course; of merges: pairs of accounts; of courses: courses; of transfers: owners (default: by load)")
      ->check(CLI::Range(2, 10'000'000));
  program.add_option("--events", size.events, "Events (default: one a learner; of courses: five)")->check(CLI::Range(2, 100'000'000));
  program.add_option("--partitions", size.partitions, "Partitions of the input topic")->capture_default_str()->check(CLI::Range(1, 100));
  program.add_option("--contents", size.contents, "Contents of the course; of merges: content rows of the source")
      ->capture_default_str()
      ->check(CLI::Range(1, 9999));
  program.add_option("--units", size.units, "Units of the course; of reconciliation, progress and courses")->capture_default_str()->check(CLI::Range(1, 1000));
  program.add_option("--batches", size.batches, "Course batches of an owner; of transfers")->capture_default_str()->check(CLI::Range(1, 99'999));
  program.add_option("--search", arguments.search, "The servers of the search index; of transfers")
      ->capture_default_str()
      ->check(CLI::IsMember({"elasticsearch", "opensearch"}));
  program.add_option("--idle", size.idle_events, "Events sent one by one afterwards (default of transfers: as many batches)")->capture_default_str();
  program.add_option("--service-ms", arguments.service_ms, "How long the HTTP service of the job takes; of profiles and transfers")
      ->capture_default_str()
      ->check(CLI::Range(0, 10'000));
  program
      .add_option("--limit-events", arguments.limit_events, "Events for each run of the bare drivers; 0 leaves it out (default of transfers: as many batches)")
      ->capture_default_str();
  program.add_option("--set", arguments.sets, "key=value for the configuration file, any number of times")->type_name("KEY=VALUE");
  program.add_option("--command", arguments.command,
                     "What to run (default: lernd run with the job of the load); see bench/README.md for {config} and other places");
  program.add_option("--patience", arguments.patience_s, "Seconds without any progress after which the run has failed")->capture_default_str();
  program.add_flag("--grow", arguments.grow, "Instead of one run: a table over workers, partitions, batch limits and contents");
  CLI11_PARSE(program, argc, argv);
  try {
    const LoadKind& kind = *std::ranges::find(load_kinds(), arguments.load, &LoadKind::name);
    settle(kind, program, arguments);
    if (arguments.grow) {
      grow(kind, size, arguments.command, settings_of(arguments, Servers::from_environment()), std::chrono::seconds(arguments.patience_s));
    } else {
      bench(kind, arguments);
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
