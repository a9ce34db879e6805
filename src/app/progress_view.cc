#include "app/progress_view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace lernd {
namespace {

constexpr std::size_t kBarWidth = 40;
constexpr std::chrono::seconds kLineEvery{5};

std::string time_left(const ProgressCount& count) {
  if (count.per_second <= 0 || count.done >= count.total) return "";
  const auto seconds = static_cast<std::int64_t>(static_cast<double>(count.total - count.done) / count.per_second);
  return seconds < 60 ? fmt::format(", {} s left", seconds) : fmt::format(", {} min {} s left", seconds / 60, seconds % 60);
}

}  // namespace

std::string progress_text(const std::string& what, const ProgressCount& count, std::size_t width) {
  const double share = count.total <= 0 ? 1.0 : std::clamp(static_cast<double>(count.done) / static_cast<double>(count.total), 0.0, 1.0);
  std::string bar;
  if (width > 0) {
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    bar = "[" + std::string(full, '#') + std::string(width - full, '.') + "] ";
  }
  return fmt::format("{}{:3.0f} %  {} of {} {}, {:.0f}/s{}", bar, share * 100, count.done, count.total, what, count.per_second, time_left(count));
}

ProgressView::ProgressView(std::string what) : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressView::show(const ProgressCount& count, Time now) {
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}", progress_text(what_, count, kBarWidth));
    std::fflush(stderr);
  } else if (now >= line_due_) {
    line_due_ = now + kLineEvery;
    fmt::print(stderr, "{}\n", progress_text(what_, count, 0));
  }
}

void ProgressView::finish(const ProgressCount& count) {
  fmt::print(stderr, "{}{}\n", terminal_ ? "\r\033[K" : "", progress_text(what_, count, terminal_ ? kBarWidth : 0));
}

}  // namespace lernd
