#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "app/demo/demo.h"
#include "app/line_log.h"
#include "cli/command.h"

namespace lernd {
namespace {

std::string free_file() { return (std::filesystem::temp_directory_path() / fmt::format("lernd-demo-{}.sqlite", ::getpid())).string(); }

void print(const demo::DemoReport& report) {
  fmt::print("\n{:<26}{:>10}{:>13}{:>13}{:>11}{:>14}\n", "course", "enrolled", "not started", "in progress", "completed", "certificates");
  for (const demo::CourseReport& course : report.courses) {
    fmt::print("{:<26}{:>10}{:>13}{:>13}{:>11}{:>14}\n", course.title, course.enrolled, course.not_started, course.in_progress, course.completed,
               course.certificates);
  }
  fmt::print("\n{} events in {:.1f} s: {:.0f} events/s, {:.0f} MiB of memory at the most\n", report.events, report.seconds,
             static_cast<double>(report.events) / report.seconds, static_cast<double>(report.memory_peak_bytes) / (1 << 20));
}

void print_next(const std::string& file, const std::string& program) {
  fmt::print(
      "\nTo look further:\n"
      "  {1} plan enrolment-reconciliation --embedded {0} --topic-offset 0:0 --count 1\n"
      "  sqlite3 {0} '.tables'\n"
      "  sqlite3 -box {0} 'SELECT * FROM \"sunbird_courses.user_enrolments\" LIMIT 5'\n"
      "  {1} run enrolment-reconciliation --embedded {0} --http 127.0.0.1:9250     then open http://127.0.0.1:9250/ (metrics: /metrics)\n",
      file, program);
}

Exit demo_command(demo::DemoOptions options) {
  if (options.file.empty()) options.file = free_file();
  const auto log = make_line_log(LogLevel::warning, log_format_named("auto"));
  ProgressView view("events");
  ProgressCount last;
  const auto report = demo::run_demo(
      options, *log,
      [](const std::string& text) {
        fmt::print("{}\n", text);
        std::fflush(stdout);
      },
      [&](const ProgressCount& count) {
        last = count;
        view.show(count, std::chrono::steady_clock::now());
      });
  if (!report) {
    fmt::print(stderr, "lernd demo: {}\n", report.error().text);
    return report.error().code == ErrorCode::invalid_option ? Exit::usage : Exit::failed;
  }
  last.done = static_cast<std::int64_t>(report->events);
  last.per_second = static_cast<double>(report->events) / report->seconds;
  view.finish(last);
  print(*report);
  std::error_code unknown;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  print_next(options.file, unknown ? "lernd" : program.string());
  return Exit::done;
}

}  // namespace

void add_demo(CLI::App& program, Action& chosen) {
  auto options = std::make_shared<demo::DemoOptions>();
  auto* command = program.add_subcommand("demo", "A small school in one SQLite file: fills it, runs enrolment-reconciliation, shows what came of it");
  command->group("Try");
  command->add_option("--file", options->file, "The SQLite file to make (default: a new one in the temporary folder)")->type_name("FILE");
  command->add_option("--events", options->events, "How many sync requests to generate")->capture_default_str()->check(CLI::Range(1, 10'000'000));
  command->add_option("--seed", options->seed, "Another seed makes another school")->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return demo_command(*options); }; });
}

}  // namespace lernd
