#include "app/plan_events.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/system_clock.h"
#include "core/plan_json.h"
#include "runtime/asker.h"
#include "runtime/rounds.h"

namespace lernd {
namespace {

std::string reason(const Error& error) { return fmt::format("{} {}: {}", name_of(error.treatment), name_of(error.code), error.text); }

std::string counts_text(const Counts& counts) {
  std::string text;
  for (const auto& [name, n] : counts.all()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, n);
  return text;
}

void append_counts(JsonWriter& json, const Counts& counts) {
  json.name("counts").open_object();
  for (const auto& [name, n] : counts.all()) json.name(name).integer(static_cast<std::int64_t>(n));
  json.close_object();
}

void append_remarks(JsonWriter& json, const std::vector<Remark>& remarks) {
  json.name("remarks").open_array();
  for (const Remark& remark : remarks) json.open_object().name("what").text(remark.what).name("about").text(remark.about).close_object();
  json.close_array();
}

/// What came of one record: its plan, or an error with the plan that parks it, if there is one.
struct Outcome {
  std::string_view what;  ///< for people
  std::optional<Error> error;
  std::optional<Plan> plan;
};

std::string as_text(const PlanRecord& record, const Outcome& outcome) {
  std::string text = fmt::format("{}: {}\n", record.place, outcome.what);
  if (outcome.error) text += fmt::format("  {}\n", reason(*outcome.error));
  if (outcome.plan) {
    text += describe(*outcome.plan, "  ");
    if (!text.ends_with('\n')) text += '\n';
    for (const Remark& remark : outcome.plan->remarks) text += fmt::format("  remark {} ({})\n", remark.what, remark.about);
    if (const auto counts = counts_text(outcome.plan->counts); !counts.empty()) text += fmt::format("  count {}\n", counts);
  }
  return text;
}

std::string as_json(const PlanRecord& record, const Outcome& outcome) {
  std::string line;
  JsonWriter json(line);
  json.open_object().name("record").text(record.place).name("outcome").text(outcome.error ? name_of(outcome.error->treatment) : "plan");
  if (outcome.error) json.name("code").text(name_of(outcome.error->code)).name("reason").text(outcome.error->text);
  if (outcome.plan) {
    append_json(json.name("plan"), *outcome.plan);
    append_counts(json, outcome.plan->counts);
    append_remarks(json, outcome.plan->remarks);
  }
  json.close_object();
  return line + "\n";
}

Outcome outcome_of(const Job& job, const Decision& decision, const Facts& facts) {
  if (const auto* plan = std::get_if<Plan>(&decision.outcome)) return {"plan", std::nullopt, *plan};
  const auto& reject = std::get<Reject>(decision.outcome);
  if (reject.error.treatment != Treatment::reject) return {"would be tried again", reject.error, std::nullopt};
  Plan parked = job.parked(*decision.event, facts, reject.error, decision.stamp);
  parked.counts.add(reject.counts);
  return {"parked as a dead letter", reject.error, std::move(parked)};
}

}  // namespace

Result<std::vector<PlanRecord>> records_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("there is no readable file {}", file));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::vector<PlanRecord> records;
  if (nlohmann::json::accept(text)) {
    records.push_back({file, {.value = text}});
    return records;
  }
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    ++line;
    if (end > at) records.push_back({fmt::format("{}:{}", file, line), {.value = text.substr(at, end - at)}});
    at = end + 1;
  }
  return records;
}

Result<std::vector<PlanRecord>> records_of_topic(const JobSetup& setup, Services& services, std::optional<std::pair<int, Offset>> from, std::size_t count) {
  const auto& topic = setup.values.text(setup.job->input_topic_option);
  std::vector<Position> starts;
  if (from) {
    starts.push_back({{topic, from->first}, from->second});
  } else {
    auto ports = services.open_worker(0);
    if (!ports) return std::unexpected(ports.error());
    const auto progress = ports->events->progress();
    if (!progress) return std::unexpected(progress.error());
    for (const auto& one : *progress) starts.push_back({one.source, std::max(one.committed.value_or(one.begin), one.begin)});
  }
  auto admin = services.open_topics();
  if (!admin) return std::unexpected(admin.error());
  std::vector<PlanRecord> records;
  for (const auto& start : starts) {
    auto read = (*admin)->read(start.source, start.next, count - records.size());
    if (!read) return std::unexpected(read.error());
    for (auto& record : *read) {
      auto place = fmt::format("{} {}:{}", start.source.topic, start.source.partition, record.offset.value);
      records.push_back({std::move(place), std::move(record), start.source});
    }
    if (records.size() >= count) break;
  }
  return records;
}

Result<std::vector<std::string>> plan_records(const JobSetup& setup, Services& services, const std::vector<PlanRecord>& records, PlanFormat format) {
  auto ports = services.open();
  if (!ports) return std::unexpected(ports.error());
  const auto job = setup.job->make(setup.values);
  const auto clock = make_system_clock();
  Asker asker({*ports->tables, *ports->cache, *ports->http, ports->search.get(), *clock},
              std::chrono::milliseconds(setup.values.integer("lernd.reread_pause_ms")), true);
  std::vector<std::string> texts;
  for (const auto& record : records) {
    // One by one, so that a fault of one record does not touch the others.
    Outcome outcome;
    const Origin origin{record.source, record.record.offset};
    if (auto event = job->decode(record.record); !event) {
      outcome = {event.error().dead_letter ? "skipped, kept as a dead letter" : "skipped", event.error().error, std::nullopt};
      if (Plan leaves = job->skipped(event.error(), origin); !leaves.outputs.empty()) outcome.plan = std::move(leaves);
    } else {
      Facts facts;
      Decision decision{.event = event->get(), .stamp = {.now = clock->now(), .seed = clock->random(), .origin = origin}};
      decide(*job, {&decision, 1}, asker, facts);
      outcome = outcome_of(*job, decision, facts);
      if (outcome.error && outcome.error->treatment == Treatment::fatal) return std::unexpected(*outcome.error);
    }
    texts.push_back(format == PlanFormat::text ? as_text(record, outcome) : as_json(record, outcome));
  }
  return texts;
}

}  // namespace lernd
