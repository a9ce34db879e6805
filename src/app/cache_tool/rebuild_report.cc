#include <fmt/format.h>

#include <charconv>

#include "app/cache_tool/rebuild.h"

namespace lernd::cache_tool {
namespace {

std::string failed_text(const RebuildState& state) {
  std::string codes;
  for (const auto& [code, count] : state.failed) codes += fmt::format("{}{} {}", codes.empty() ? "" : ", ", code, count);
  return codes.empty() ? "0" : fmt::format("{} ({})", state.failures(), codes);
}

}  // namespace

std::optional<Pace> pace_of(std::string_view text) {
  Pace pace;
  const auto slash = text.find('/');
  const auto number = text.substr(0, slash);
  const auto unit = slash == std::string_view::npos ? "s" : text.substr(slash + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), pace.count);
  if (error != std::errc() || end != number.data() + number.size() || pace.count < 0) return std::nullopt;
  if (unit == "m") pace.time = std::chrono::minutes(1);
  if (unit == "h") pace.time = std::chrono::hours(1);
  return unit == "s" || unit == "m" || unit == "h" ? std::optional(pace) : std::nullopt;
}

std::string report_text(const RebuildReport& report) {
  const RebuildState& state = report.state;
  std::string text = fmt::format("\nuser cache, {} of {}\n", report.dry_run ? "dry run of a rebuild" : "rebuild", report.source);
  const auto row = [&](std::string_view what, const std::string& value) { text += fmt::format("  {:<18}{}\n", what, value); };
  row("users", std::to_string(report.users));
  if (report.done_before > 0) row("done before", std::to_string(report.done_before));
  if (report.dry_run) {
    row("would be made", std::to_string(report.judged.missing));
    row("would be changed", std::to_string(report.judged.stale));
    row("would stay", std::to_string(report.judged.right));
  } else {
    row("written", std::to_string(state.written));
  }
  row("unknown", std::to_string(state.unknown));
  row("blocked", std::to_string(state.blocked));
  row("failed", failed_text(state));
  if (report.users > state.done) row("left to do", std::to_string(report.users - state.done));
  const auto done = static_cast<double>(state.done - report.done_before);
  row("time", fmt::format("{}, {:.0f} users/s", bulk::duration_text(report.elapsed_ms),
                          report.elapsed_ms > 0 ? done * 1000 / static_cast<double>(report.elapsed_ms) : 0.0));
  for (const auto& [what, path] : report.files) row(what, path);
  return text;
}

}  // namespace lernd::cache_tool
