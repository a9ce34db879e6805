#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "app/plan_events.h"
#include "cli/command.h"
#include "cli/job_options.h"

namespace lernd {
namespace {

struct PlanArguments {
  JobArguments jobs;
  std::string file;
  std::string from;
  std::size_t count = 10;
  std::string format = "text";
};

/// `0:41`
std::optional<std::pair<int, Offset>> position(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  int partition = 0;
  Offset offset;
  const auto* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), text.data() + colon, partition);
  const auto second = std::from_chars(text.data() + colon + 1, end, offset.value);
  if (first.ec != std::errc() || first.ptr != text.data() + colon || second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return partition < 0 || offset.value < 0 ? std::nullopt : std::optional(std::pair(partition, offset));
}

Exit report(const Error& error) {
  fmt::print(stderr, "lernd plan: {}\n", error.text);
  return error.treatment == Treatment::retry ? Exit::failed : Exit::usage;
}

Exit plan(const PlanArguments& arguments) {
  std::optional<std::pair<int, Offset>> from;
  if (!arguments.from.empty()) {
    from = position(arguments.from);
    if (!from) {
      fmt::print(stderr, "lernd plan: --topic-offset {} is not PARTITION:OFFSET, for example 0:41\n", arguments.from);
      return Exit::usage;
    }
  }
  const auto setups = usable_jobs("plan", arguments.jobs);
  if (!setups) return Exit::usage;
  const auto& setup = setups->front();
  const auto log = log_of(setup);
  const auto services = make_services(*setup.job, setup.values, *log);
  const auto records = arguments.file.empty() ? records_of_topic(setup, *services, from, arguments.count) : records_of_file(arguments.file);
  if (!records) return report(records.error());
  if (records->empty()) fmt::print(stderr, "lernd plan: there is no record there\n");
  const auto texts = plan_records(setup, *services, *records, arguments.format == "json" ? PlanFormat::json : PlanFormat::text);
  if (!texts) return report(texts.error());
  for (const auto& text : *texts) fmt::print("{}", text);
  return Exit::done;
}

}  // namespace

void add_plan(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<PlanArguments>();
  auto* command = program.add_subcommand("plan", "Show what a job would write and send for real events; changes nothing");
  command->group("Check");
  add_job_options(*command, arguments->jobs, JobCount::one);
  auto* file = command->add_option("--from-file", arguments->file, "Events of a file: one per line, or one JSON text")->type_name("FILE");
  command->add_option("--topic-offset", arguments->from, "Events of the input topic from there on (default: those the group would be given next)")
      ->type_name("PARTITION:OFFSET")
      ->excludes(file);
  command->add_option("--count", arguments->count, "How many events of the topic")->capture_default_str()->check(CLI::Range(1, 1'000'000))->excludes(file);
  command->add_option("--format", arguments->format, "Text, or one JSON line per event")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  command->footer("Each event is planned as if it came next: what the one before it would write is not seen. The output shows learners' data.");
  command->callback([arguments, &chosen] { chosen = [arguments] { return plan(*arguments); }; });
}

}  // namespace lernd
