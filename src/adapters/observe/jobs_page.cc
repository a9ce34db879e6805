#include "adapters/observe/jobs_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "adapters/observe/page_frame.h"
#include "core/json.h"

namespace lernd {
namespace {

std::string_view state_of(const JobView::Partition& partition) { return partition.stopped ? "stopped" : partition.paused ? "paused" : "running"; }

std::string_view state_of(const JobView& job) {
  const auto any = [&](bool JobView::Partition::* flag) { return std::ranges::any_of(job.partitions, [&](const auto& partition) { return partition.*flag; }); };
  if (any(&JobView::Partition::stopped)) return "stopped";
  if (job.waiting_for_service || any(&JobView::Partition::paused)) return "waiting";
  return job.partitions.empty() ? "idle" : "running";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// Digits in groups of three, with a narrow space that does not break.
std::string grouped(std::int64_t number) {
  std::string digits = fmt::to_string(number);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > (number < 0 ? 1 : 0); place -= 3) {
    digits.insert(static_cast<std::size_t>(place), "\u202f");
  }
  return digits;
}

/// A bar of full width stands for the largest lag on the page, but never for less than this, so that a few records do not look like a backlog.
constexpr std::int64_t kFullBar = 1000;

std::string rate(double per_second) {
  return per_second > 0 && per_second < 10 ? fmt::format("{:.1f}", per_second) : grouped(static_cast<std::int64_t>(per_second + 0.5));
}

std::string text(const JsonView& object, std::string_view member) {
  const auto found = object.find(member);
  return escaped(found ? found->text().value_or("") : "");
}

std::int64_t integer(const JsonView& object, std::string_view member) {
  const auto found = object.find(member);
  return found ? found->integer().value_or(0) : 0;
}

double number(const JsonView& object, std::string_view member) {
  const auto found = object.find(member);
  return found ? found->number().value_or(0) : 0;
}

std::vector<JsonView> items(const JsonView& object, std::string_view member) {
  const auto found = object.find(member);
  return found ? found->items() : std::vector<JsonView>();
}

std::int64_t full_bar(const std::vector<JsonView>& jobs) {
  std::int64_t most = kFullBar;
  for (const JsonView& job : jobs) {
    for (const JsonView& partition : items(job, "partitions")) most = std::max(most, integer(partition, "lag"));
  }
  return most;
}

void append_partitions(std::string& page, const std::vector<JsonView>& partitions, std::int64_t full) {
  if (partitions.empty()) return;
  page += "<table><thead><tr><th>Partition<th class=n>Lag<th class=bar><th>State</thead><tbody>";
  for (const JsonView& partition : partitions) {
    const auto lag = integer(partition, "lag");
    const auto state = text(partition, "state");
    fmt::format_to(std::back_inserter(page), "<tr><td>{}<span class=soft> {}</span><td class=n>{}<td class=bar>", text(partition, "topic"),
                   integer(partition, "partition"), grouped(lag));
    if (lag > 0) fmt::format_to(std::back_inserter(page), "<i style=\"width:{:.1f}%\"></i>", 100.0 * static_cast<double>(lag) / static_cast<double>(full));
    fmt::format_to(std::back_inserter(page), "<td class=\"state {0}\">{0}", state);
  }
  page += "</tbody></table>";
}

void append_job(std::string& page, const JsonView& job, std::int64_t full) {
  const auto name = text(job, "job");
  const auto state = text(job, "state");
  const auto error = text(job, "last_error");
  fmt::format_to(std::back_inserter(page),
                 "<section data-job=\"{0}\" data-rate=\"{1:.1f}\"><header><h2>{0}</h2><span class=\"state {2}\">{2}</span></header>"
                 "<dl><div><dt>Records per second<dd>{3}</div><div><dt>Lag<dd>{4}</div><div><dt>Done<dd>{5}</div>"
                 "<svg viewBox=\"0 0 240 48\" preserveAspectRatio=\"none\" role=img aria-label=\"Records per second since the page was opened\"></svg></dl>",
                 name, number(job, "records_per_second"), state, rate(number(job, "records_per_second")), grouped(integer(job, "lag")),
                 grouped(integer(job, "records_done")));
  append_partitions(page, items(job, "partitions"), full);
  if (!error.empty()) fmt::format_to(std::back_inserter(page), "<p class=error><span class=soft>Last error</span> {}</p>", error);
  page += "</section>";
}

}  // namespace

std::string jobs_json(std::span<const JobView> jobs) {
  std::string json;
  JsonWriter writer(json);
  writer.open_array();
  for (const JobView& job : jobs) {
    std::int64_t lag = 0;
    for (const auto& partition : job.partitions) lag += partition.lag;
    writer.open_object().name("job").text(job.job).name("state").text(state_of(job)).name("lag").integer(lag);
    writer.name("records_done").integer(static_cast<std::int64_t>(job.records_done)).name("records_per_second").number(job.records_per_second);
    writer.name("last_error").text(job.last_error).name("partitions").open_array();
    for (const auto& partition : job.partitions) {
      writer.open_object().name("topic").text(partition.source.topic).name("partition").integer(partition.source.partition);
      writer.name("lag").integer(partition.lag).name("state").text(state_of(partition)).close_object();
    }
    writer.close_array().close_object();
  }
  writer.close_array();
  return json;
}

std::string jobs_page(std::string_view jobs_json) {
  std::string page(kPageHead);
  const auto document = JsonDocument::parse(jobs_json);
  const auto jobs = document ? document->root().items() : std::vector<JsonView>();
  for (const JsonView& job : jobs) append_job(page, job, full_bar(jobs));
  if (jobs.empty()) page += "<p class=soft>No job is running.</p>";
  page += kPageTail;
  return page;
}

}  // namespace lernd
