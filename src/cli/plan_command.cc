#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <regex>

#include "app/dry_run.h"
#include "cli/command.h"
#include "cli/job_options.h"

namespace lernd {
namespace {

struct PlanArguments {
  JobArguments jobs;
  std::string from_file;
  std::string topic_offset = "0:0";
  std::size_t count = 10;
  std::string format = "text";
};

Result<std::vector<Record>> records_of_file(const PlanArguments& arguments) {
  std::ifstream file(arguments.from_file);
  if (!file) return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{} cannot be read; check --from-file", arguments.from_file));
  std::vector<Record> records;
  for (std::string line; records.size() < arguments.count && std::getline(file, line);) {
    records.push_back({.offset = {static_cast<std::int64_t>(records.size())}, .value = line});
  }
  return records;
}

Result<std::vector<Record>> records_of_topic(const PlanArguments& arguments, const JobSetup& setup, Services& services) {
  static const std::regex form("([0-9]{1,9}):([0-9]{1,18})");
  std::smatch parts;
  if (!std::regex_match(arguments.topic_offset, parts, form)) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, "--topic-offset takes PARTITION:OFFSET, for example 0:1200");
  }
  auto topics = services.open_topics();
  if (!topics) return std::unexpected(topics.error());
  return (*topics)->read({setup.values.text(setup.job->input_topic_option), std::stoi(parts[1])}, {std::stoll(parts[2])}, arguments.count);
}

Exit plan(const PlanArguments& arguments) {
  const auto setups = usable_jobs("plan", arguments.jobs);
  if (!setups) return Exit::usage;
  const JobSetup& setup = setups->front();
  const auto log = log_of(setup);
  const auto services = make_services(*setup.job, setup.values, *log);
  const auto failed = [](const Error& error) {
    fmt::print(stderr, "lernd plan: {}\n", error.text);
    return error.treatment == Treatment::fatal ? Exit::usage : Exit::failed;
  };
  const auto records = arguments.from_file.empty() ? records_of_topic(arguments, setup, *services) : records_of_file(arguments);
  if (!records) return failed(records.error());
  const auto outcomes = dry_run(setup, *services, *records);
  if (!outcomes) return failed(outcomes.error());
  for (const DryOutcome& outcome : *outcomes)
    fmt::print("{}{}", arguments.format == "json" ? dry_json(outcome) : dry_text(outcome), arguments.format == "json" ? "\n" : "");
  if (outcomes->empty()) fmt::print(stderr, "lernd plan: no record there\n");
  return Exit::done;
}

}  // namespace

void add_plan(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<PlanArguments>();
  auto* command = program.add_subcommand("plan", "Show what a job would write and send for real events; changes nothing");
  command->group("Check");
  add_job_options(*command, arguments->jobs, JobCount::one);
  auto* file = command->add_option("--from-file", arguments->from_file, "Events from a file, one JSON text a line")->type_name("FILE");
  command->add_option("--topic-offset", arguments->topic_offset, "Events from the input topic, from here on")
      ->type_name("PARTITION:OFFSET")
      ->capture_default_str()
      ->excludes(file);
  command->add_option("--count", arguments->count, "How many events at the most")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  command->add_option("--format", arguments->format, "text, or json: one object a line")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  command->footer("Each event is decided by itself against what is stored now. The output shows learners' data.");
  command->callback([arguments, &chosen] { chosen = [arguments] { return plan(*arguments); }; });
}

}  // namespace lernd
