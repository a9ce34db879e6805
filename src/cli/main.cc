#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <span>
#include <string_view>

#include "app/version.h"
#include "cli/command.h"
#include "cli/wrong_words.h"

namespace lernd {
namespace {

constexpr const char* kAbout =
    "lernd runs the Sunbird Lern data-pipeline jobs: one program in place of a Flink cluster per job.\n"
    "Without any service it runs on one SQLite file.";

constexpr const char* kExamples =
    "Examples:\n"
    "  lernd demo                                                   a small school, nothing to install\n"
    "  lernd validate enrolment-reconciliation --config job.conf    what is wrong, before anything runs\n"
    "  lernd plan enrolment-reconciliation --config job.conf --topic-offset 0:0 --count 5\n"
    "  lernd run enrolment-reconciliation --config job.conf\n"
    "  lernd sync --help                                            search documents built anew, in bulk\n"
    "  lernd cache --help                                           the user cache built anew, or checked\n"
    "\n"
    "`lernd COMMAND --help` says more. Exit codes: 0 done, 1 work failed, 2 usage or configuration, 3 stopped early.";

int run(int argc, char** argv) {
  CLI::App program(kAbout, "lernd");
  program.footer(kExamples);
  program.set_version_flag("--version", fmt::format("lernd {}", kVersion));
  program.require_subcommand(0, 1);
  program.get_formatter()->column_width(34);
  Action chosen;
  add_demo(program, chosen);
  add_run(program, chosen);
  add_validate(program, chosen);
  add_plan(program, chosen);
  add_test(program, chosen);
  add_schema(program, chosen);
  add_options(program, chosen);
  add_sync(program);
  add_cache(program, chosen);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    fmt::print(stderr, "{}\n", wrong_words_text(program, error));
    return static_cast<int>(Exit::usage);
  }
  if (!chosen) {
    fmt::print("{}", program.help());
    return static_cast<int>(Exit::usage);
  }
  return static_cast<int>(chosen());
}

}  // namespace
}  // namespace lernd

int main(int argc, char** argv) {
  // A reader or a service that goes away shows as an error of the call, not as the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit of file size is a full disk: the write fails, and whoever made it says which file it is.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  if (words.size() > 1 && std::string_view(words[1]) == "sync") return lernd::sync_main(words.subspan(2));
  return lernd::run(argc, argv);
}
