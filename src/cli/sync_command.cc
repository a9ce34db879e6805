#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "app/stop_signals.h"
#include "app/sync/sync_services.h"
#include "app/system_clock.h"
#include "app/version.h"
#include "bulk/files.h"
#include "bulk/pace.h"
#include "cli/bulk_view.h"
#include "cli/command.h"
#include "sync/arguments.h"
#include "sync/help.h"
#include "sync/options.h"
#include "sync/parameters.h"
#include "sync/run.h"
#include "sync/secrets.h"

namespace lernd {
namespace {

constexpr std::size_t kSmallFileMax = std::size_t{1} << 20;
constexpr int kSignalled = 128;
constexpr std::chrono::seconds kGrace{10};

Result<sync::SecretFile> read_secret(const std::string& path) {
  auto text = bulk::read_file(path, kSmallFileMax);
  if (!text) return std::unexpected(text.error());
  struct stat found{};
  return sync::SecretFile{.text = std::move(*text), .open_to_others = ::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRGRP | S_IROTH)) != 0};
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Everything that is set, from the file, the environment and the words, in the order of their strength.
std::vector<sync::Settings> layers_of(sync::Arguments& arguments, std::vector<std::string>& faults, std::vector<std::string>& warnings) {
  std::vector<sync::Settings> layers;
  if (!arguments.config_file.empty()) {
    const auto file = read_secret(arguments.config_file);
    if (!file) {
      faults.push_back("--config: " + file.error().text);
    } else {
      layers.push_back(sync::read_config_lines(file->text, arguments.config_file, faults));
      const bool secret = layers.back().contains("sunbird_sync_api_key") || layers.back().contains("sunbird_cassandra_password");
      if (secret && file->open_to_others) {
        warnings.push_back(fmt::format("--config: others may read the secrets in {}; take their right away with chmod 600", arguments.config_file));
      }
    }
  }
  layers.push_back(sync::read_environment(environment));
  layers.push_back(std::move(arguments.settings));
  return layers;
}

int run(const sync::Options& options, BulkView& view) {
  const sync::Secrets secrets(options);
  const auto say = [&](const std::string& text) { view.say(secrets.masked(text)); };
  // A request in flight may finish; what takes longer than it may is cut off.
  StopSignals signals(options.connect_timeout + options.request_timeout + kGrace, StopSignals::kExitBySignal,
                      [&] { say("stopping: the requests in flight may finish; a second signal ends at once"); });
  const auto clock = make_system_clock();
  bulk::SteadyWaiter waiter;
  const auto ended = sync::run(options, {.clock = *clock,
                                         .waiter = waiter,
                                         .make_client = [&] { return make_sync_client(options); },
                                         .open_scan = [&] { return open_sync_scan(options); },
                                         .warn = say,
                                         .progress = view,
                                         .stop = signals.token(),
                                         .stop_exit_code = [&] { return kSignalled + signals.signal(); }});
  // What was to be done is done, or written down: a signal that comes only now must not make the end look like another one.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  if (!ended.message.empty()) say(ended.message);
  if (ended.report) fmt::print("{}", secrets.masked(sync::report_text(*ended.report)));
  return ended.exit_code;
}

}  // namespace

int sync_main(std::span<char*> words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  auto arguments = sync::read_arguments(views);
  if (arguments.help || arguments.version) {
    fmt::print("{}", arguments.help ? sync::help_text() : fmt::format("lernd {}\n", kVersion));
    return static_cast<int>(Exit::done);
  }
  if (arguments.parameters_markdown) {
    fmt::print("{}", sync::parameters_markdown());
    return static_cast<int>(Exit::done);
  }
  sync::overwrite_secrets(words);
  auto faults = std::move(arguments.faults);
  std::vector<std::string> warnings;
  const auto layers = layers_of(arguments, faults, warnings);
  auto resolved = sync::resolve(layers, read_secret);
  faults.insert(faults.end(), resolved.faults.begin(), resolved.faults.end());
  warnings.insert(warnings.end(), resolved.warnings.begin(), resolved.warnings.end());
  BulkView view("sync", bulk_view_form(resolved.options.progress));
  for (const auto& warning : warnings) view.say("warning: " + warning);
  if (!has_sync_services()) faults.emplace_back("this program was built without the adapters for Cassandra and HTTP (LERND_SERVICES)");
  for (const auto& fault : faults) view.say(fault);
  return faults.empty() ? run(resolved.options, view) : static_cast<int>(Exit::usage);
}

void add_sync(CLI::App& program) {
  // Its words are not those of an option parser: main hands them to sync_main. This is for the list of commands.
  program.add_subcommand("sync", "Have the Sync API rebuild the search documents of all ids of a table, or of a file")->group("Run");
}

}  // namespace lernd
