#include "cli/cache_tool_run.h"

#include <fmt/format.h>

#include <memory>

#include "app/stop_signals.h"
#include "app/system_clock.h"
#include "cli/bulk_view.h"
#include "cli/job_options.h"

namespace lernd {
namespace {

constexpr std::chrono::seconds kGrace{10};
constexpr std::int64_t kWaitMaxSecondsMax = 365 * 24 * 60 * 60;

Exit exit_of(cache_tool::End end) {
  switch (end) {
    case cache_tool::End::done:
      return Exit::done;
    case cache_tool::End::failed:
      return Exit::failed;
    case cache_tool::End::usage:
      return Exit::usage;
    case cache_tool::End::stopped:
      return Exit::stopped_early;
  }
  return Exit::failed;
}

/// The table of `KEYSPACE.TABLE`.
bool take_table(CacheArguments& arguments) {
  const auto dot = arguments.table.find('.');
  if (dot == 0 || dot == std::string::npos || dot + 1 == arguments.table.size()) return false;
  arguments.source.table = {arguments.table.substr(0, dot), arguments.table.substr(dot + 1)};
  return true;
}

}  // namespace

void add_cache_options(CLI::App& command, CacheArguments& arguments) {
  add_setup_options(command, arguments.job);
  command.get_option("--config")->description("Configuration of user-cache-updater, in HOCON");
  command.get_option("--set")->description("An option of it, key=value");
  auto* ids = command.add_option("--ids", arguments.source.id_file, "File with one user id a line; `-` reads standard input")->type_name("FILE");
  command.add_option("--table", arguments.table, "Table of the users, without --ids")->type_name("KEYSPACE.TABLE")->capture_default_str()->excludes(ids);
  command.add_option("--column", arguments.source.column, "Its column that holds the ids")->type_name("NAME")->capture_default_str()->excludes(ids);
  command.add_option("--in-flight", arguments.in_flight, "Calls under way at once to a service (lernd.http.in_flight_max)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command.add_option("--wait-max", arguments.wait_max_s, "How long to wait for a service that is away, then stop with exit 3; 0: without end")
      ->type_name("SECONDS")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, kWaitMaxSecondsMax));
  command.add_option("--progress", arguments.progress, "`auto` is a bar on a terminal, lines elsewhere")
      ->type_name("FORM")
      ->check(CLI::IsMember({"auto", "bar", "lines", "none"}))
      ->capture_default_str();
}

Exit run_cache_tool(const std::string& name, CacheArguments arguments,
                    const std::function<cache_tool::End(const cache_tool::UserSource&, const cache_tool::World&)>& work) {
  BulkView view(name, bulk_view_form(arguments.progress));
  if (!take_table(arguments)) {
    view.say(fmt::format("--table {} is not KEYSPACE.TABLE, for example sunbird.user", arguments.table));
    return Exit::usage;
  }
  arguments.job.jobs = {"user-cache-updater"};
  if (arguments.in_flight > 0) arguments.job.sets.push_back(fmt::format("lernd.http.in_flight_max={}", arguments.in_flight));
  const auto setups = usable_jobs(name, arguments.job);
  if (!setups) return Exit::usage;
  const auto& setup = setups->front();
  // Calls under way may finish; what takes longer than it may is cut off.
  const std::chrono::milliseconds calls_max(setup.values.integer("lernd.http.connect_timeout_ms") + setup.values.integer("lernd.http.total_timeout_ms"));
  StopSignals signals(calls_max + kGrace, static_cast<int>(Exit::stopped_early),
                      [&] { view.say("stopping: the users at hand are finished; a second signal ends at once"); });
  const auto log = log_of(setup);
  const auto clock = make_system_clock();
  const auto services = make_services(*setup.job, setup.values, *log);
  bulk::SteadyWaiter waiter;
  return exit_of(work(arguments.source, {.setup = setup,
                                         .services = *services,
                                         .clock = *clock,
                                         .waiter = waiter,
                                         .progress = view,
                                         .warn = [&](const std::string& text) { view.say(text); },
                                         .stop = signals.token(),
                                         .wait_max = std::chrono::seconds(arguments.wait_max_s)}));
}

}  // namespace lernd
