#include "sync/help.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "sync/parameters.h"

namespace lernd::sync {
namespace {

constexpr std::string_view kIntroduction =
    "Has the Sync API rebuild the search document of every id of a Cassandra table, or of a file. Sends the ids in blocks, with a pause between them; a run "
    "that\n"
    "was stopped goes on where it was when the same command is given again.\n";

constexpr std::string_view kNotes =
    "Also as a file of NAME=VALUE lines (--config FILE) and in the environment (SUNBIRD_SYNC_API_KEY=...). The command line wins over the environment, the\n"
    "environment over the file. Secrets are best given in the environment or by a _file parameter. \"\" is the empty text.\n"
    "\n"
    "Exit codes: 0 every id accepted, 1 some ids failed (SyncFailedIds_*.csv is an id file of them), 2 wrong usage or input, 3 stopped early, 130 and 143\n"
    "interrupted; after 3, 130 and 143 the same command goes on. docs/sync.md says more.\n";

constexpr std::array kDocumented{"sunbird_cassandra_server",  "sunbird_cassandra_port", "sunbird_cassandra_username", "sunbird_cassandra_password",
                                 "sunbird_sync_api_endpoint", "sunbird_sync_api_key",   "sunbird_sync_block_size",    "sunbird_sync_sleep_time"};

/// One of the commands of the users' document, to the letter.
std::string documented_command(bool with_id_file) {
  std::string text = "Sync_run.sh";
  for (const char* name : kDocumented) text += fmt::format(" --context_param {0}=\"{{{0}}}\"", name);
  text += " --context_param sunbird_cassandra_table=\"user\" --context_param sunbird_sync_object_type=\"user\"";
  if (with_id_file) text += " --context_param sunbird_sync_id_file=\"{sunbird_sync_id_file}\"";
  return text;
}

}  // namespace

std::string help_text() {
  std::string text = fmt::format("Usage: lernd sync [--config FILE] [--context_param NAME=VALUE]...\n\n{}\nAll users:\n{}\n\nSpecific users:\n{}\n",
                                 kIntroduction, documented_command(false), documented_command(true));
  std::string_view group;
  for (const Parameter& parameter : parameters()) {
    if (parameter.group != group) {
      group = parameter.group;
      text += fmt::format("\n{}:\n", group);
    }
    const std::string value = parameter.value.empty() ? "" : fmt::format(" [{}]", parameter.value);
    text += fmt::format("  {:<37} {}{}\n", parameter.name, parameter.meaning, value);
  }
  return text + "\n" + std::string(kNotes);
}

}  // namespace lernd::sync
