#include "bulk/progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace lernd::bulk {

std::string progress_text(const Progress& progress, std::size_t width) {
  if (progress.total <= 0) return fmt::format("reading ids: {}", progress.done);
  const double share = std::clamp(static_cast<double>(progress.done) / static_cast<double>(progress.total), 0.0, 1.0);
  std::string text;
  if (width > 0) {
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    text = "[" + std::string(full, '#') + std::string(width - full, '.') + "] ";
  }
  text += fmt::format("{:3.0f} %  {}/{} ids, {:.0f}/s, {} failed", share * 100, progress.done, progress.total, progress.per_second, progress.failed);
  if (progress.per_second > 0 && progress.done < progress.total) {
    const auto left = std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(progress.total - progress.done) / progress.per_second));
    text += fmt::format(", {} left", left < 60 ? fmt::format("{} s", left) : duration_text(left * 1000));
  }
  if (!progress.waits_for.empty()) text += fmt::format(", {}: {} s", progress.waits_for, progress.waits_seconds);
  return text;
}

std::string duration_text(std::int64_t ms) {
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
  const std::int64_t minutes = ms / 60'000;
  if (minutes < 60) return fmt::format("{} min {} s", minutes, ms / 1000 % 60);
  if (minutes < 24 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / (24 * 60), minutes / 60 % 24);
}

}  // namespace lernd::bulk
