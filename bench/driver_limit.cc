#include "driver_limit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "adapters/cassandra/cql_request.h"
#include "jobs/course_progress/progress.h"
#include "support/process.h"

namespace lernd::bench {
namespace {

constexpr std::array kInFlight = {32, 64, 128, 256};

std::string update_text(const RowWrite& row) {
  std::vector<cassandra::CqlStatement> statements;
  cassandra::append_write_statements(row, statements);
  return statements.at(0).text;
}

/// The texts are those that the job's own plan becomes in the adapter, so the two cannot drift apart.
std::string settings_text(const World& world, std::size_t events, std::size_t round) {
  const std::string& keyspace = world.option("lms-cassandra.keyspace");
  const course_progress::ProgressTables tables{.consumption = {keyspace, world.option("lms-cassandra.consumption.table")},
                                               .aggregates = {keyspace, world.option("lms-cassandra.user_activity_agg.table")},
                                               .enrolments = {keyspace, world.option("lms-cassandra.user_enrolments.table")}};
  const course_progress::EnrolmentKey key{user_id(Learners::limit, 0), world.course().id, world.course().batch_id};
  const Timestamp now{0};
  std::vector<std::string> activities{world.course().id};
  activities.insert(activities.end(), world.course().units.begin(), world.course().units.end());
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) { text += fmt::format("{}\t{}\n", name, value); };
  add("server", fmt::format("{}:{}", world.option("lms-cassandra.host"), world.option("lms-cassandra.port")));
  add("read_consumption", cassandra::select_statement(course_progress::consumption_query(tables, key)).text);
  add("read_enrolment", cassandra::select_statement(course_progress::enrolment_query(tables, key)).text);
  add("update_aggregate", update_text(course_progress::aggregate_write(tables, key, key.course_id, 0, now)));
  add("update_progress", update_text(course_progress::enrolment_write(tables, key, {}, 0, false, now)));
  add("update_completion", update_text(course_progress::enrolment_write(tables, key, {}, 0, true, now)));
  add("course", key.course_id);
  add("batch", key.batch_id);
  add("activities", fmt::format("{}", fmt::join(activities, " ")));
  add("user_prefix", user_prefix(Learners::limit));
  add("events", fmt::format("{}", events));
  add("first_learner", fmt::format("{}", limit_learners(events, round)));
  add("in_flight", fmt::format("{}", fmt::join(kInFlight, " ")));
  add("threads", "1");
  return text;
}

}  // namespace

LimitFigures better(const LimitFigures& a, const LimitFigures& b) { return a.events_per_s >= b.events_per_s ? a : b; }

std::size_t limit_learners(std::size_t events, std::size_t rounds) { return events * kInFlight.size() * rounds; }

LimitFigures measure_driver_limit(const World& world, std::size_t events, std::size_t round) {
  const auto settings = world.folder() / "driver_limit.settings";
  std::ofstream(settings) << settings_text(world, events, round);
  const Finished finished = run({.words = {"/bin/sh", "-c", fmt::format("exec '{}' <'{}'", LERND_DRIVER_LIMIT, settings.string())}}, std::chrono::minutes(10));
  if (finished.code != 0) throw std::runtime_error("the driver limit failed: " + finished.err);
  LimitFigures best;
  std::size_t start = 0;
  for (std::size_t end = finished.out.find('\n'); end != std::string::npos; end = finished.out.find('\n', start)) {
    const auto line = nlohmann::json::parse(finished.out.substr(start, end - start));
    best = better(best, {.events_per_s = line.at("events_per_s"), .cpu_s_per_1000 = line.at("cpu_s_per_1000"), .in_flight = line.at("in_flight")});
    start = end + 1;
  }
  return best;
}

}  // namespace lernd::bench
