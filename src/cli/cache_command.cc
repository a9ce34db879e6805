#include "cli/command.h"

namespace lernd {

void add_cache(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand("cache", "Build the user cache anew, for all users or some, or check it");
  command->group("Run");
  command->require_subcommand(1);
  command->get_formatter()->column_width(34);
  add_cache_rebuild(*command, chosen);
  add_cache_check(*command, chosen);
  command->footer("Both take the configuration of user-cache-updater, and fill or judge entries by the rules of that job.");
}

}  // namespace lernd
