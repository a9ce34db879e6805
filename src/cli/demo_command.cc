#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "app/demo/demo.h"
#include "app/line_log.h"
#include "cli/command.h"

namespace lernd {
namespace {

std::string free_file() { return (std::filesystem::temp_directory_path() / fmt::format("lernd-demo-{}.sqlite", ::getpid())).string(); }

void print(const demo::DemoReport& report) {
  fmt::print("\n{:<28}{:>8}{:>9}   {}\n", "job", "events", "seconds", "what came of it");
  std::uint64_t events = 0;
  double seconds = 0;
  for (const demo::JobReport& job : report.jobs) {
    fmt::print("{:<28}{:>8}{:>9.1f}   {}\n", job.job, job.events, job.seconds, job.outcome);
    events += job.events;
    seconds += job.seconds;
  }
  fmt::print("\n{:<28}{:>8}{:>13}{:>13}{:>11}{:>14}\n", "course", "enrolled", "not started", "in progress", "completed", "certificates");
  for (const demo::CourseReport& course : report.courses) {
    fmt::print("{:<28}{:>8}{:>13}{:>13}{:>11}{:>14}\n", course.title, course.enrolled, course.not_started, course.in_progress, course.completed,
               course.certificates);
  }
  fmt::print("without the {} accounts that were merged into another\n", report.merged_accounts);
  fmt::print("\n{} events in {:.1f} s: {:.0f} events/s, {:.0f} MiB of memory at the most\n", events, seconds, static_cast<double>(events) / seconds,
             static_cast<double>(report.memory_peak_bytes) / (1 << 20));
}

/// A word as a shell takes it.
std::string quoted(const std::string& word) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

void print_next(const std::string& file, const std::string& program) {
  fmt::print(
      "\nTo look further\n"
      "- what a job does for an event, without doing it:\n"
      "    {1} plan enrolment-reconciliation --embedded {0} --topic-offset 0:0 --count 1\n"
      "- the tables, and what is in one of them:\n"
      "    sqlite3 {0} .tables\n"
      "    sqlite3 -box {0} 'SELECT * FROM \"sunbird_courses.user_enrolments\" LIMIT 5'\n"
      "- the four jobs at work, until Ctrl-C; http://127.0.0.1:9250/ shows them, http://127.0.0.1:9250/metrics counts what they do:\n"
      "    {1} run {2} --embedded {0} --set {3} --http 127.0.0.1:9250\n",
      quoted(file), quoted(program), fmt::join(demo::demo_jobs(), " "), demo::kSetGroup);
}

Exit demo_command(demo::DemoOptions options) {
  if (options.file.empty()) options.file = free_file();
  const auto log = make_line_log(LogLevel::warning, log_format_named("auto"));
  std::optional<ProgressView> view;
  const auto report = demo::run_demo(options, *log,
                                     {.step =
                                          [&](const std::string& text) {
                                            fmt::print("{}\n", text);
                                            std::fflush(stdout);
                                            view.emplace("events");
                                          },
                                      .progress = [&](const ProgressCount& count) { view->show(count, std::chrono::steady_clock::now()); },
                                      .progress_end = [&](const ProgressCount& count) { view->finish(count); }});
  if (!report) {
    fmt::print(stderr, "lernd demo: {}\n", report.error().text);
    return report.error().code == ErrorCode::invalid_option ? Exit::usage : Exit::failed;
  }
  print(*report);
  std::error_code unknown;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  print_next(options.file, unknown ? "lernd" : program.string());
  return Exit::done;
}

}  // namespace

void add_demo(CLI::App& program, Action& chosen) {
  auto options = std::make_shared<demo::DemoOptions>();
  auto* command = program.add_subcommand("demo", "A small school in one SQLite file: fills it, runs the four course jobs, shows what came of it");
  command->group("Try");
  command->add_option("--file", options->file, "The SQLite file to make (default: a new one in the temporary folder)")->type_name("FILE");
  command->add_option("--events", options->events, "How many sync requests to generate")->capture_default_str()->check(CLI::Range(1, 10'000'000));
  command->add_option("--seed", options->seed, "Another seed makes another school")->capture_default_str();
  command->footer(fmt::format(
      "The jobs run one after the other in this process, by the code of `lernd run`:\n  {}\nThe file stays; the last lines say how to look into it.",
      fmt::join(demo::demo_jobs(), "\n  ")));
  command->callback([options, &chosen] { chosen = [options] { return demo_command(*options); }; });
}

}  // namespace lernd
