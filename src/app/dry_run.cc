#include "app/dry_run.h"

#include <fmt/format.h>

#include "app/system_clock.h"
#include "core/plan_json.h"
#include "runtime/rounds.h"

namespace lernd {

Result<std::vector<DryOutcome>> dry_run(const JobSetup& setup, Services& services, std::span<const Record> records) {
  auto ports = services.open();
  if (!ports) return std::unexpected(ports.error());
  const auto job = setup.job->make(setup.values);
  const auto clock = make_system_clock();
  std::vector<DryOutcome> outcomes;
  std::vector<std::unique_ptr<Event>> events;
  std::vector<Decision> decisions;
  std::vector<std::size_t> places;
  for (const Record& record : records) {
    outcomes.push_back({.offset = record.offset});
    auto event = job->decode(record);
    if (!event) {
      outcomes.back().error = std::move(event).error().error;
      continue;
    }
    events.push_back(*std::move(event));
    decisions.push_back({events.back().get(), {clock->now(), clock->random()}, {}});
    places.push_back(outcomes.size() - 1);
  }
  Asker asker(*ports->tables, *ports->cache, *ports->http, *clock, std::chrono::milliseconds(setup.values.integer("lernd.reread_pause_ms")));
  Facts facts;
  decide(*job, decisions, asker, facts);
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    DryOutcome& outcome = outcomes[places[i]];
    if (Plan* plan = std::get_if<Plan>(&decisions[i].outcome)) {
      outcome.plan = std::move(*plan);
      continue;
    }
    outcome.error = std::get<Reject>(decisions[i].outcome).error;
    if (outcome.error->treatment == Treatment::fatal) return std::unexpected(*outcome.error);
    outcome.plan = job->parked(*decisions[i].event, facts, *outcome.error, decisions[i].stamp);
  }
  return outcomes;
}

std::string dry_json(const DryOutcome& outcome) {
  std::string text;
  JsonWriter json(text);
  json.open_object().name("offset").integer(outcome.offset.value);
  json.name("outcome").text(outcome.error ? name_of(outcome.error->treatment) : "plan");
  if (outcome.error) json.name("code").text(name_of(outcome.error->code)).name("reason").text(outcome.error->text);
  append_json(json.name("plan"), outcome.plan);
  json.close_object();
  return text;
}

std::string dry_text(const DryOutcome& outcome) {
  std::string text = fmt::format("record {}", outcome.offset.value);
  if (outcome.error) text += fmt::format(": {} ({}): {}", name_of(outcome.error->treatment), name_of(outcome.error->code), outcome.error->text);
  text += "\n";
  if (outcome.error && outcome.plan == Plan()) return text;
  return text + describe(outcome.plan, "  ");
}

}  // namespace lernd
