#include <fmt/format.h>

#include <algorithm>

#include "app/cache_tool/check.h"
#include "core/json.h"

namespace lernd::cache_tool {
namespace {

/// A name of a field as a terminal may be given it. Names of locations may be anything.
std::string plain(std::string name) {
  std::ranges::replace_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return name;
}

}  // namespace

std::string report_text(const CheckReport& report) {
  std::string text = fmt::format("\nuser cache, check of {}", report.source);
  if (report.seed) text += fmt::format(", sample with --seed {}", *report.seed);
  text += '\n';
  const auto share = [&](std::int64_t count) { return report.asked > 0 ? 100.0 * static_cast<double>(count) / static_cast<double>(report.asked) : 0.0; };
  const auto row = [&](std::string_view what, std::int64_t count) { text += fmt::format("  {:<22}{:>10}{:>8.1f} %\n", what, count, share(count)); };
  row("users", report.asked);
  row("right", report.judged.right);
  row("missing", report.judged.missing);
  row("stale", report.judged.stale);
  for (const auto& [field, count] : report.judged.fields) row("  " + plain(field), count);
  row("not judged", report.not_judged());
  if (report.not_judged() > 0) {
    row("  unknown", report.unknown);
    row("  blocked", report.blocked);
    row("  failed", report.failed);
  }
  if (!report.list.empty()) text += fmt::format("  ids of those that are missing or stale: {}\n", report.list);
  return text;
}

std::string report_json(const CheckReport& report) {
  std::string text;
  JsonWriter json(text);
  json.open_object().name("source").text(report.source).name("seed");
  if (report.seed) {
    json.raw(std::to_string(*report.seed));
  } else {
    json.null();
  }
  json.name("users").integer(report.asked).name("right").integer(report.judged.right).name("missing").integer(report.judged.missing);
  json.name("stale").integer(report.judged.stale).name("stale_fields").open_object();
  for (const auto& [field, count] : report.judged.fields) json.name(field).integer(count);
  json.close_object().name("not_judged").open_object().name("unknown").integer(report.unknown).name("blocked").integer(report.blocked);
  json.name("failed").integer(report.failed).close_object().name("elapsed_ms").integer(report.elapsed_ms).close_object();
  return text + "\n";
}

}  // namespace lernd::cache_tool
