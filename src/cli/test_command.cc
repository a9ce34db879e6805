#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/line_log.h"
#include "app/vectors/vector_suite.h"
#include "cli/command.h"

namespace lernd {
namespace {

struct TestArguments {
  std::vector<std::string> cases;
  std::string on = "memory";
  std::string config;
  bool verbose = false;
};

using MakeWorld = std::function<Result<std::unique_ptr<VectorWorld>>()>;

std::string scratch_file() { return (std::filesystem::temp_directory_path() / fmt::format("lernd-test-{}.sqlite", ::getpid())).string(); }

void print(const VectorResult& result) {
  fmt::print("{}  {}  ({:.0f} ms)\n", result.passed() ? "ok  " : "FAIL", result.name, result.seconds * 1000);
  if (result.passed()) return;
  fmt::print("  in {}\n", result.file);
  if (!result.error.empty()) fmt::print("  could not be run: {}\n", result.error);
  for (const auto& difference : result.differences) fmt::print("{}", describe(difference));
}

Exit test(const TestArguments& arguments) {
  const auto files = find_case_files(arguments.cases);
  if (!files) {
    fmt::print(stderr, "lernd test: {}\n", files.error().text);
    return Exit::usage;
  }
  ConfigFile config;
  if (!arguments.config.empty()) {
    auto read = read_config_file(arguments.config);
    if (!read) {
      fmt::print(stderr, "lernd test: {}\n", read.error().text);
      return Exit::usage;
    }
    config = std::move(*read);
  }
  const MakeWorld make_world = [&]() -> Result<std::unique_ptr<VectorWorld>> {
    if (arguments.on == "services") return make_services_world(&config);
    return make_embedded_world(arguments.on == "memory" ? ":memory:" : scratch_file());
  };
  // What goes wrong in a case belongs to the case; its log lines are only of use to somebody who looks for the reason.
  const auto log = make_line_log(arguments.verbose ? LogLevel::debug : LogLevel::error, log_format_named("auto"));
  std::size_t passed = 0;
  std::size_t failed = 0;
  run_vectors(*files, make_world, *log, [&](const VectorResult& result) {
    ++(result.passed() ? passed : failed);
    print(result);
    std::fflush(stdout);  // whoever watches through a pipe sees each case when it is done
  });
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? Exit::done : Exit::failed;
}

}  // namespace

void add_test(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<TestArguments>();
  auto* command = program.add_subcommand("test", "Run case files: a state, messages, and what must be there afterwards");
  command->group("Check");
  command->add_option("CASES", arguments->cases, "Case files, or folders of them")->required();
  command->add_option("--on", arguments->on, "Where to run them")->check(CLI::IsMember({"memory", "file", "services"}))->capture_default_str();
  command->add_option("--config,--config.file.path", arguments->config, "With --on services: configuration that says where they are")->type_name("FILE");
  command->add_flag("--verbose", arguments->verbose, "Show the log of the runs");
  command->callback([arguments, &chosen] { chosen = [arguments] { return test(*arguments); }; });
}

}  // namespace lernd
