#include <fmt/format.h>

#include <memory>
#include <string>

#include "app/option_docs.h"
#include "cli/command.h"

namespace lernd {
namespace {

Exit options(const std::string& job, bool markdown) {
  if (markdown) {
    fmt::print("{}", option_docs_markdown());
    return Exit::done;
  }
  const std::string text = option_docs_text(job);
  if (text.empty()) {
    fmt::print(stderr, "lernd options: {}\n",
               job.empty() ? "name a job, or give --markdown for all" : "there is no job " + job + "; `lernd --help` names them");
    return Exit::usage;
  }
  fmt::print("{}", text);
  return Exit::done;
}

}  // namespace

void add_options(CLI::App& program, Action& chosen) {
  struct Arguments {
    std::string job;
    bool markdown = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = program.add_subcommand("options", "All options of a job, with defaults and meaning");
  command->group("Check");
  command->add_option("JOB", arguments->job, "Name of the job");
  command->add_flag("--markdown", arguments->markdown, "The page docs/configuration.md, of all jobs");
  command->callback([arguments, &chosen] { chosen = [arguments] { return options(arguments->job, arguments->markdown); }; });
}

}  // namespace lernd
