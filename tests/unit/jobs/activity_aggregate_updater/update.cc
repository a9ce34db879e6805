#include "unit/jobs/activity_aggregate_updater/update.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/json.h"
#include "jobs/activity_aggregate_updater/fingerprints.h"

namespace lernd::activity_aggregate_updater {
namespace {

using activity_model::Course;
using activity_model::Enrolment;
using activity_model::Set;

const Set kContents = {"c0", "c1", "c2", "c3", "c4", "c5"};
const Set kUnits = {"m0", "m1", "m2"};

Value value_of(std::optional<int> number) { return number ? Value(*number) : Value(); }

std::optional<int> number_in(const School::Row& row, const std::string& column) {
  const auto found = row.find(column);
  if (found == row.end() || found->second.integer() == nullptr) return std::nullopt;
  return static_cast<int>(*found->second.integer());
}

std::string fingerprint(const std::string& content) {
  const auto one = event({content});
  const auto options = defaults();
  auto fingerprints = Fingerprints::of(one, options);
  fingerprints->remember(content);
  return fingerprints->writes().front().key;
}

const School::Row kKey = {{"userid", "u1"}, {"courseid", "do_1"}, {"batchid", "b1"}};

}  // namespace

Options defaults() {
  OptionValues values = default_values(option_table());
  Options options = options_from(values);
  options.failed_topic = "failed";
  options.certificate_topic = "certificates";
  options.audit_topic = "audit";
  return options;
}

Options options_of(const activity_model::Settings& settings) {
  Options options = defaults();
  options.relation_cache.optional_nodes = settings.optional;
  options.unit_aggregates = settings.units;
  options.skip_processed = settings.filter;
  options.drop_duplicates = settings.dedup;
  options.window_items = settings.window;
  options.write_group_rows = settings.group_rows;
  return options;
}

ContentsFinished event(std::vector<std::string> contents, std::size_t messages) {
  ContentsFinished event;
  event.enrolment = enrolment_of("u1", "do_1");
  event.contents = std::move(contents);
  event.messages = messages;
  return event;
}

const Plan& Updated::plan() const {
  static const Plan kNone;
  const Plan* plan = std::get_if<Plan>(&step);
  if (plan == nullptr) ADD_FAILURE() << "the rules did not come to a plan" << (step.index() == 2 ? ": " + std::get<Reject>(step).error.text : "");
  return plan == nullptr ? kNone : *plan;
}

Updated update(const School& school, const Options& options, const ContentsFinished& event) {
  return {run_rules(school, [&](const Facts& facts) { return advance(event, facts, options, stamp()); })};
}

School school_of(const Course& course, const Enrolment& enrolment) {
  School school;
  for (const auto& [kind, sets] : {std::pair{"leafnodes", &course.leaf}, {"optionalnodes", &course.optional}, {"ancestors", &course.ancestors}}) {
    for (const auto& [id, members] : *sets) school.sets["do_1:" + id + ":" + kind] = {members.begin(), members.end()};
  }
  if (course.search == "nothing") school.search["do_1"] = {200, R"({"result":{"count":0}})"};
  if (course.search != "nothing" && course.search != "down") {
    school.search["do_1"] = {200, R"({"result":{"count":1,"content":[{"status":")" + course.search + R"("}]}})"};
  }
  for (const auto& [id, content] : enrolment.contents) {
    School::Row row = kKey;
    row.insert(
        {{"contentid", id}, {"status", value_of(content.status)}, {"viewcount", value_of(content.views)}, {"completedcount", value_of(content.completions)}});
    school.tables["user_content_consumption"].push_back(row);
  }
  if (enrolment.row) {
    School::Row row = kKey;
    row.insert({{"status", value_of(enrolment.row->status)}, {"active", true}});
    if (enrolment.row->completed_on) row["completedon"] = Timestamp{1};
    school.tables["user_enrolments"].push_back(row);
  }
  for (const std::string& content : enrolment.fingerprints) school.texts[fingerprint(content)] = "";
  return school;
}

Enrolment enrolment_in(const School& school) {
  Enrolment found;
  const auto rows_of = [&](const std::string& table) {
    const auto rows = school.tables.find(table);
    return rows == school.tables.end() ? std::vector<School::Row>() : rows->second;
  };
  for (const auto& row : rows_of("user_content_consumption")) {
    found.contents[*row.at("contentid").text()] = {number_in(row, "status"), number_in(row, "viewcount"), number_in(row, "completedcount")};
  }
  for (const auto& row : rows_of("user_enrolments")) {
    auto& enrolment = found.row.emplace();
    enrolment.status = number_in(row, "status");
    enrolment.progress = number_in(row, "progress");
    enrolment.completed_on = row.contains("completedon");
    if (!row.contains("contentstatus")) continue;
    for (const auto& [id, status] : row.at("contentstatus").map()->entries) enrolment.contents[*id.text()] = static_cast<int>(*status.integer());
  }
  for (const auto& row : rows_of("user_activity_agg")) {
    EXPECT_EQ(row.at("context_id"), Value("cb:b1"));
    found.aggregates[*row.at("activity_id").text()] = std::get<double>(row.at("aggregates").map()->entries.front().second.form);
  }
  for (const std::string& content : kContents) {
    if (school.texts.contains(fingerprint(content))) found.fingerprints.insert(content);
  }
  EXPECT_EQ(found.fingerprints.size(), school.texts.size());
  return found;
}

std::string event_name(const std::string& body) {
  const auto document = JsonDocument::parse(body);
  EXPECT_TRUE(document) << body;
  const JsonView root = document->root();
  if (!root.find("eid")) return "failed";
  if (root.find("eid")->text() == "BE_JOB_REQUEST") return "certificate";
  const std::string type(root.find("edata")->find("type")->text().value_or(""));
  return type == "enrol-complete" ? type : type + " " + std::string(root.find("object")->find("id")->text().value_or(""));
}

std::vector<std::string> event_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const OutputRecord& record : plan.outputs) {
    if (record.topic == "failed") continue;
    names.push_back(event_name(*record.value));
    EXPECT_EQ(record.topic, names.back() == "certificate" ? "certificates" : "audit");
  }
  return names;
}

std::size_t failed_events(const Plan& plan) { return static_cast<std::size_t>(std::ranges::count(plan.outputs, "failed", &OutputRecord::topic)); }

Course Situations::course() {
  Course it;
  if (below(5) > 0) it.leaf["do_1"] = part_of(kContents);
  if (below(2) == 0) it.optional["do_1"] = part_of(kContents);
  Set collections{"do_1"};
  for (const std::string& unit : kUnits) {
    if (below(4) == 0) continue;
    collections.insert(unit);
    if (below(5) > 0) it.leaf[unit] = part_of(kContents);
    if (below(3) == 0) it.optional[unit] = part_of(kContents);
  }
  for (const std::string& content : kContents) {
    if (below(6) > 0) it.ancestors[content] = part_of(collections);
  }
  it.search = std::vector<std::string>{"down", "nothing", "Live", "Retired", "Retired"}[below(5)];
  return it;
}

Enrolment Situations::enrolment() {
  Enrolment it;
  const auto some = [&](std::uint64_t n) { return below(5) == 0 ? std::nullopt : std::optional(static_cast<int>(below(n))); };
  const bool diligent = below(3) == 0;
  for (const std::string& content : diligent ? kContents : part_of(kContents)) it.contents[content] = {diligent ? 2 : some(4), some(3), some(2)};
  if (below(5) > 0) it.row = activity_model::EnrolmentRow{.status = some(3), .progress = {}, .contents = {}};
  for (const std::string& content : kContents) {
    if (below(5) == 0) it.fingerprints.insert(content);
  }
  return it;
}

activity_model::Settings Situations::settings() {
  return {.optional = below(4) > 0,
          .units = below(4) > 0,
          .filter = below(4) > 0,
          .dedup = below(4) > 0,
          .window = below(2) == 0 ? 1 : 1 + below(5),
          .group_rows = 1 + below(4)};
}

std::vector<std::string> Situations::items(std::size_t most) {
  std::vector<std::string> items;
  for (auto n = 1 + below(most); n > 0; --n) items.push_back("c" + std::to_string(below(kContents.size())));
  return items;
}

Set Situations::part_of(const Set& all) {
  Set part;
  for (const std::string& id : all) {
    if (below(3) > 0) part.insert(id);
  }
  return part;
}

}  // namespace lernd::activity_aggregate_updater
