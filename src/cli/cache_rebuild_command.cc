#include <fmt/format.h>

#include <memory>

#include "app/cache_tool/rebuild.h"
#include "cli/cache_tool_run.h"
#include "cli/command.h"

namespace lernd {
namespace {

struct RebuildArguments {
  CacheArguments cache;
  cache_tool::RebuildOptions options;
  std::string rate;
};

Exit rebuild_command(RebuildArguments arguments) {
  if (!arguments.rate.empty()) {
    const auto pace = cache_tool::pace_of(arguments.rate);
    if (!pace) {
      fmt::print(stderr, "lernd cache rebuild: --rate {} is no rate, for example 500/s, 30/m or 1000/h\n", arguments.rate);
      return Exit::usage;
    }
    arguments.options.pace = *pace;
  }
  return run_cache_tool("cache rebuild", arguments.cache, [&](const cache_tool::UserSource& source, const cache_tool::World& world) {
    arguments.options.source = source;
    const auto ended = cache_tool::rebuild(arguments.options, world);
    if (!ended.message.empty()) world.warn(ended.message);
    if (ended.report) fmt::print("{}", cache_tool::report_text(*ended.report));
    return ended.end;
  });
}

}  // namespace

void add_cache_rebuild(CLI::App& cache, Action& chosen) {
  auto arguments = std::make_shared<RebuildArguments>();
  auto* command = cache.add_subcommand("rebuild", "Build the entries of all users of the user table, or of those listed, as the job would write them");
  add_cache_options(*command, arguments->cache);
  command->add_option("--rate", arguments->rate, "Most users in a second, a minute or an hour (default: no limit)")->type_name("N/s|N/m|N/h");
  command->add_option("--checkpoint", arguments->options.checkpoint, "File that says how far the rebuild is; others stand beside it")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_flag("--restart", arguments->options.restart, "Begin anew, whatever a checkpoint says");
  command->add_flag("--dry-run", arguments->options.dry_run, "Write nothing; tell how many entries would be made or changed");
  command->footer(
      "Examples:\n"
      "  lernd cache rebuild --config user-cache-updater.conf                     all users of sunbird.user\n"
      "  lernd cache rebuild --config user-cache-updater.conf --ids users.csv     those of a file\n"
      "  lernd cache rebuild --config user-cache-updater.conf --rate 500/s --in-flight 64\n"
      "\n"
      "Stopped by a signal, a crash or kill -9, the same command goes on where it was. Users whom the service does not know, who are blocked, or who could\n"
      "not be done are listed in FILE.left.csv, an id file for another run. Fields that come from events (usersignintype, userlogintype) stay as they are.\n"
      "Exit codes: 0 all users settled, 1 some failed, 2 usage or configuration, 3 stopped early.");
  command->callback([arguments, &chosen] { chosen = [arguments] { return rebuild_command(*arguments); }; });
}

}  // namespace lernd
