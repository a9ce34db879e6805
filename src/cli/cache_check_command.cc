#include <fmt/format.h>

#include <memory>
#include <optional>
#include <random>

#include "app/cache_tool/check.h"
#include "cli/cache_tool_run.h"
#include "cli/command.h"

namespace lernd {
namespace {

constexpr std::int64_t kWaitMaxSeconds = 60;

struct CheckArguments {
  CacheArguments cache;
  cache_tool::CheckOptions options;
  std::optional<std::uint64_t> seed;
  std::string format = "text";
};

Exit check_command(CheckArguments arguments) {
  // Small enough to be typed, and exact in any JSON reader.
  arguments.options.seed = arguments.seed ? *arguments.seed : std::random_device()();
  return run_cache_tool("cache check", arguments.cache, [&](const cache_tool::UserSource& source, const cache_tool::World& world) {
    arguments.options.source = source;
    const auto ended = cache_tool::check(arguments.options, world);
    if (!ended.message.empty()) world.warn(ended.message);
    if (ended.report) fmt::print("{}", arguments.format == "json" ? cache_tool::report_json(*ended.report) : cache_tool::report_text(*ended.report));
    return ended.end;
  });
}

}  // namespace

void add_cache_check(CLI::App& cache, Action& chosen) {
  auto arguments = std::make_shared<CheckArguments>();
  arguments->cache.wait_max_s = kWaitMaxSeconds;
  auto* command = cache.add_subcommand("check", "Say how many entries are right, missing or stale, of a sample of the user table or of listed users");
  add_cache_options(*command, arguments->cache);
  auto* sample = command->add_option("--sample", arguments->options.sample, "How many users of the table are drawn at random")
                     ->type_name("N")
                     ->capture_default_str()
                     ->check(CLI::Range(1, 10'000'000));
  sample->excludes(command->get_option("--ids"));
  command->add_option("--seed", arguments->seed, "Draws the same users again (default: a new one; the report names it)")
      ->type_name("S")
      ->excludes(command->get_option("--ids"));
  command->add_option("--list", arguments->options.list, "Write the ids of entries that are missing or stale into this file")->type_name("FILE");
  command->add_option("--format", arguments->format, "A table, or one line of JSON")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  command->footer(
      "Examples:\n"
      "  lernd cache check --config user-cache-updater.conf --sample 5000\n"
      "  lernd cache check --config user-cache-updater.conf --list stale.csv && echo fine || lernd cache rebuild --config user-cache-updater.conf --ids "
      "stale.csv\n"
      "\n"
      "An entry is right when user-cache-updater would change nothing about it now. Of a stale one the names of the fields are told, never what is in them.\n"
      "Users whom the service does not know or does not let read are not judged.\n"
      "Exit codes: 0 all judged entries are right, 1 some are missing or stale or could not be read, 2 usage or configuration, 3 stopped early.");
  command->callback([arguments, &chosen] { chosen = [arguments] { return check_command(*arguments); }; });
}

}  // namespace lernd
