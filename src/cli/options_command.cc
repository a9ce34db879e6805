#include <fmt/format.h>

#include <memory>
#include <string>

#include "app/option_docs.h"
#include "cli/command.h"

namespace lernd {
namespace {

struct OptionsArguments {
  std::string job;
  bool markdown = false;
};

Exit options(const OptionsArguments& arguments) {
  const auto text = arguments.markdown ? option_docs_markdown() : option_docs_text(arguments.job);
  if (text.empty()) {
    fmt::print(stderr, "lernd options: {}\n", arguments.job.empty() ? "name a job, or give --markdown for all" : "there is no job " + arguments.job);
    return Exit::usage;
  }
  fmt::print("{}", text);
  return Exit::done;
}

}  // namespace

void add_options(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<OptionsArguments>();
  auto* command = program.add_subcommand("options", "List the options of a job with defaults and meaning");
  command->group("Set up");
  command->add_option("JOB", arguments->job, "Name of the job");
  command->add_flag("--markdown", arguments->markdown, "Those of all jobs, as docs/configuration.md");
  command->callback([arguments, &chosen] { chosen = [arguments] { return options(*arguments); }; });
}

}  // namespace lernd
