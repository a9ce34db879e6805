#include "sync/report.h"

#include <fmt/format.h>

#include "bulk/progress.h"
#include "core/json.h"
#include "sync/log_record.h"

namespace lernd::sync {

std::string_view name_of(Status status) {
  switch (status) {
    case Status::completed:
      return "completed";
    case Status::completed_with_failures:
      return "completed_with_failures";
    case Status::stopped:
      return "stopped";
    case Status::interrupted:
      return "interrupted";
    case Status::dry_run:
      return "dry_run";
  }
  return "stopped";
}

std::string report_json(const Report& report) {
  const Totals& totals = report.totals;
  std::string text;
  JsonWriter writer(text);
  writer.open_object();
  writer.name("status").text(name_of(report.status)).name("exit_code").integer(report.exit_code);
  writer.name("object_type").text(report.object_type).name("endpoint").text(report.endpoint).name("source").text(report.source);
  writer.name("operation_type").text(report.operation_type).name("resumed").boolean(report.resumed);
  writer.name("started").text(iso_time(report.started)).name("ended").text(iso_time(report.ended)).name("elapsed_ms").integer(report.elapsed_ms);
  if (report.lines) {
    const bulk::LineCounts& lines = *report.lines;
    writer.name("lines").open_object().name("read").integer(lines.read).name("blank").integer(lines.blank).name("header").integer(lines.header);
    writer.name("duplicate").integer(lines.duplicate).name("invalid").integer(lines.invalid).close_object();
  }
  writer.name("ids").open_object().name("total").integer(totals.ids).name("done_before").integer(totals.done_before);
  writer.name("accepted").integer(totals.accepted).name("confirmed").integer(totals.confirmed).name("unverified").integer(totals.unverified);
  writer.name("failed").integer(totals.failed).name("not_attempted").integer(totals.not_attempted()).close_object();
  writer.name("blocks")
      .open_object()
      .name("total")
      .integer(totals.blocks)
      .name("ok")
      .integer(totals.blocks_ok)
      .name("failed")
      .integer(totals.blocks_failed)
      .close_object();
  writer.name("requests").integer(totals.requests).name("retries").integer(totals.retries).name("throttled_ms").integer(totals.throttled_ms);
  writer.name("errors").open_object();
  for (const auto& [outcome, labels] : totals.errors) {
    writer.name(outcome).open_object();
    for (const auto& [label, count] : labels) writer.name(label).integer(count);
    writer.close_object();
  }
  writer.close_object().name("files").open_object();
  for (const auto& [what, path] : report.files) writer.name(what).text(path);
  writer.close_object().close_object();
  return text + "\n";
}

std::string report_text(const Report& report) {
  const Totals& totals = report.totals;
  const double seconds = static_cast<double>(report.elapsed_ms) / 1000;
  std::string text = fmt::format("\n{} of {}: {}\n", report.object_type, report.source, name_of(report.status));
  const auto row = [&](std::string_view what, std::string value) { text += fmt::format("  {:<16}{}\n", what, value); };
  row("ids", fmt::format("{} in all", totals.ids));
  if (totals.done_before > 0) row("done before", std::to_string(totals.done_before));
  if (report.status != Status::dry_run) {
    row("accepted", std::to_string(totals.accepted));
    if (!report.operation_type.empty()) row("confirmed", fmt::format("{}, unverified {}", totals.confirmed, totals.unverified));
    row("failed", std::to_string(totals.failed));
    row("not attempted", std::to_string(totals.not_attempted()));
  }
  if (report.lines && report.lines->invalid > 0) row("rejected lines", std::to_string(report.lines->invalid));
  row("blocks", fmt::format("{}, ok {}, failed {}", totals.blocks, totals.blocks_ok, totals.blocks_failed));
  if (report.status != Status::dry_run) {
    row("requests", fmt::format("{}, of them retries {}", totals.requests, totals.retries));
    row("time", fmt::format("{}, {:.0f} ids/s, {:.1f} requests/s", bulk::duration_text(report.elapsed_ms),
                            seconds > 0 ? static_cast<double>(totals.accepted + totals.failed) / seconds : 0,
                            seconds > 0 ? static_cast<double>(totals.requests) / seconds : 0));
  }
  for (const auto& [outcome, labels] : totals.errors) {
    for (const auto& [label, count] : labels) row(outcome, fmt::format("{} times {}", count, label));
  }
  for (const auto& [what, path] : report.files) row(what, path);
  return text;
}

}  // namespace lernd::sync
