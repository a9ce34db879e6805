#include "app/vectors/vector_run.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/resolve.h"
#include "app/system_clock.h"
#include "app/vectors/counting_metrics.h"
#include "app/vectors/outcome.h"
#include "app/vectors/stage.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

constexpr std::chrono::seconds kTimeMax{60};

std::unexpected<Error> refuse(std::string text) { return fail(Treatment::fatal, ErrorCode::invalid_option, std::move(text)); }

/// What cases take for granted, and over it the case's own configuration.
std::map<std::string, std::string> settings_of(const VectorCase& vector, const std::string& http_base) {
  std::map<std::string, std::string> set{{"lernd.retry.attempts_max", "1"}, {"lernd.on_exhausted", "dead-letter"},  {"lernd.breaker.failures_max", "0"},
                                         {"lernd.batch.records_max", "1"},  {"lernd.batch.wait_ms", "20"},          {"lernd.batch.linger_ms", "0"},
                                         {"lernd.reread_pause_ms", "1"},    {"kafka.auto.offset.reset", "earliest"}};
  for (const auto& [key, value] : vector.config) {
    std::string text = value;
    constexpr std::string_view kHttp = "${http}";
    for (auto at = text.find(kHttp); at != std::string::npos; at = text.find(kHttp, at + http_base.size())) text.replace(at, kHttp.size(), http_base);
    set.insert_or_assign(key, std::move(text));
  }
  return set;
}

/// With a `job` the options are also checked together.
Result<OptionValues> resolve(const OptionTable& table, const ConfigFile* config, const std::map<std::string, std::string>& set,
                             const JobDescription* job = nullptr) {
  auto resolved = resolve_options(table, {.file = config, .set = set, .environment = process_environment});
  if (job != nullptr) check_together(*job, resolved);
  if (resolved.faults.empty()) return std::move(resolved.values);
  std::string text;
  for (const auto& fault : resolved.faults) text += (text.empty() ? "" : "\n") + fault.text();
  return refuse(std::move(text));
}

/// A configuration says where the services are; what the job does there is up to the case, so the job's own options begin with their defaults.
Result<void> add_job_defaults(const JobDescription& job, const OptionTable& table, std::map<std::string, std::string>& set) {
  const auto shipped = resolve(table, nullptr, set);
  if (!shipped) return std::unexpected(shipped.error());
  for (const auto& option : job.options) {
    if (option.role == Option::Role::ignored) continue;
    for (const auto& alias : option.aliases) set.erase(alias);
    set.insert_or_assign(option.name, shipped->text(option.name));
  }
  return {};
}

/// Runs the job over everything in its topic.
Result<std::map<std::string, std::uint64_t>> work(const JobDescription& job, const OptionValues& values, Services& services, Log& log) {
  auto ports = services.open_worker(0);
  if (!ports) return std::unexpected(ports.error());
  const auto rules = job.make(values);
  const auto clock = make_system_clock();
  CountingMetrics metrics;
  Worker worker(*rules, {*ports->events, *ports->tables, *ports->cache, *ports->http, *clock, metrics, log, ports->search.get()},
                worker_options(job, values, true));
  std::stop_source stop;
  std::jthread guard([&stop](std::stop_token done) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any waiting;
    if (!waiting.wait_for(lock, done, kTimeMax, [&done] { return done.stop_requested(); })) stop.request_stop();
  });
  auto done = worker.run(stop.get_token());
  guard.request_stop();
  guard.join();
  if (!done) return std::unexpected(done.error());
  if (stop.stop_requested()) return refuse(fmt::format("the messages were not done within {} s", kTimeMax.count()));
  return metrics.counts();
}

Result<Differences> run(const VectorCase& vector, VectorWorld& world, Log& log) {
  const auto* job = find_job(vector.job);
  if (job == nullptr) return refuse(fmt::format("there is no job {}", vector.job));
  const auto table = options_for(*job);
  auto set = settings_of(vector, world.http_base());
  // Cases leave the consumer group to its default; where there is none, any will do.
  if (table.find(job->group_option)->default_value.empty()) set.try_emplace(job->group_option, "lernd-test");
  if (auto added = add_job_defaults(*job, table, set); !added) return std::unexpected(added.error());
  auto plain = resolve(table, world.config(), set);
  if (!plain) return std::unexpected(plain.error());
  for (auto& [option, value] : world.isolation(*job, table, *plain)) set.insert_or_assign(option, value);
  auto values = resolve(table, world.config(), set, job);
  if (!values) return std::unexpected(values.error());

  auto services = world.open(*job, *values, log);
  if (!services) return std::unexpected(services.error());
  auto stage = VectorStage::open(*job, *plain, *values, table, **services);
  if (!stage) return std::unexpected(stage.error());
  if (auto stubbed = world.stub(vector.http); !stubbed) return std::unexpected(stubbed.error());
  if (auto ready = stage->set_up(vector); !ready) return std::unexpected(ready.error());

  auto counts = work(*job, *values, **services, log);
  if (!counts) return std::unexpected(counts.error());
  auto outcome = stage->collect(vector);
  if (!outcome) return std::unexpected(outcome.error());
  outcome->metrics = std::move(*counts);
  auto calls = world.calls();
  if (!calls) return std::unexpected(calls.error());
  outcome->calls = std::move(*calls);
  return compare_outcome(vector.expect, *outcome, Matcher(make_system_clock()->now().ms));
}

}  // namespace

Result<Differences> run_vector(const VectorCase& vector, VectorWorld& world, Log& log) {
  auto differences = run(vector, world, log);
  auto cleaned = world.clean_up();
  if (differences && !cleaned) return std::unexpected(cleaned.error());
  return differences;
}

std::string describe(const Difference& difference) {
  return fmt::format("  {}\n    expected  {}\n    found     {}\n", difference.place, difference.expected, difference.found);
}

}  // namespace lernd
