#include <gtest/gtest.h>

#include <set>

#include "jobs/enrolment_reconciliation/rules.h"
#include "support/seed.h"
#include "unit/jobs/enrolment_reconciliation/reconcile.h"

/// Random courses and learners against the algorithm of the specification, written down once more with plain containers.
namespace lernd::enrolment_reconciliation {
namespace {

using Set = std::set<std::string>;

/// What the rules are given. A set that is empty is not in the cache.
struct Situation {
  std::map<std::string, Set> leaf, optional, ancestors;   // by collection, by collection, by content
  std::map<std::string, std::optional<int>> consumption;  // content → status, which may be null
  std::optional<std::optional<int>> enrolment;            // missing, or with a status, which may be null
  std::string search = "down";                            // `down`, `nothing`, or a status
  bool with_optional = true, with_units = true, with_filter = true;
  std::size_t group_rows = 10;
};

/// What is expected of them.
struct Expected {
  std::optional<ErrorCode> error;
  std::map<std::string, double> aggregates;
  std::optional<School::Row> enrolment;
  std::vector<std::string> topics;
  std::map<std::string, std::uint64_t> counts;
  bool operator==(const Expected&) const = default;
};

class Model {
 public:
  explicit Model(const Situation& situation) : it_(situation) {}

  Expected expected() {
    count("db-read-count");
    if (it_.consumption.empty()) return out_;
    for (const auto& [content, status] : it_.consumption) {
      if (status == 2) done_.insert(content);
    }
    const Set course_leaf = look_up(it_.leaf, "do_1");
    const bool retired = course_leaf.empty();
    if (retired) {
      if (it_.search != "Retired") {
        out_.error = it_.search == "down" ? ErrorCode::bad_answer : ErrorCode::unpublished_course;
        return out_;
      }
      count("retired-consumption-events-count");
      out_.topics.push_back("failed");
    }
    const Set required = retired ? Set() : without_optional(course_leaf, "do_1");
    const std::size_t n = finished_of(required);
    if (!retired) out_.aggregates["do_1"] = static_cast<double>(n);
    if (it_.with_units) units();
    count("db-update-count", (out_.aggregates.size() + it_.group_rows - 1) / it_.group_rows);
    if (!retired) enrolment(n, n >= required.size());
    return out_;
  }

 private:
  void count(const std::string& name, std::uint64_t n = 1) {
    if (n > 0) out_.counts[name] += n;
  }

  Set look_up(const std::map<std::string, Set>& sets, const std::string& id) {
    count("cache-hit-count");
    const auto found = sets.find(id);
    if (found == sets.end() || found->second.empty()) count("cache-miss-count");
    return found == sets.end() ? Set() : found->second;
  }

  Set without_optional(Set leaf, const std::string& collection) {
    if (!it_.with_optional) return leaf;
    for (const std::string& content : look_up(it_.optional, collection)) leaf.erase(content);
    return leaf;
  }

  std::size_t finished_of(const Set& leaf) const {
    std::size_t n = 0;
    for (const std::string& content : leaf) n += done_.count(content);
    return n;
  }

  void units() {
    Set units;
    for (const auto& [content, status] : it_.consumption) units.merge(look_up(it_.ancestors, content));
    units.erase("do_1");
    for (const std::string& unit : units) out_.aggregates[unit] = static_cast<double>(finished_of(without_optional(look_up(it_.leaf, unit), unit)));
  }

  void enrolment(std::size_t n, bool complete) {
    if (it_.with_filter) {
      count("db-read-count");
      if (!it_.enrolment || *it_.enrolment == 2) return;
    }
    count("db-update-count");
    ValueMap statuses;
    for (const auto& [content, status] : it_.consumption) statuses.entries.emplace_back(content, status.value_or(1));
    out_.enrolment = {{"status", complete ? 2 : 1}, {"progress", static_cast<std::int64_t>(n)}, {"contentstatus", statuses}, {"datetime", stamp().now}};
    if (!complete) return;
    out_.enrolment->emplace("completedon", stamp().now);
    out_.topics.insert(out_.topics.end(), {"certificates", "audit"});
    count("enrolment-complete-count");
    count("cert-issue-events-count");
  }

  const Situation& it_;
  Set done_;
  Expected out_;
};

class RandomSituations {
 public:
  explicit RandomSituations(std::uint64_t seed) : random_(seed) {}

  Situation next() {
    Situation it;
    const Set contents = some("c", 1 + below(8), 2);
    const Set units = some("m", below(6), 1);
    if (below(5) > 0) it.leaf["do_1"] = part_of(contents);
    if (below(2) == 0) it.optional["do_1"] = part_of(contents);
    for (const std::string& unit : units) {
      if (below(5) > 0) it.leaf[unit] = part_of(contents);
      if (below(3) == 0) it.optional[unit] = part_of(contents);
    }
    Set collections = units;
    collections.insert("do_1");
    for (const std::string& content : contents) {
      if (below(6) > 0) it.ancestors[content] = part_of(collections);
    }
    const bool diligent = below(3) == 0;
    for (const std::string& content : diligent ? contents : part_of(contents)) it.consumption[content] = diligent ? 2 : status();
    if (below(5) == 0) it.consumption["elsewhere"] = status();
    if (below(5) > 0) it.enrolment = status();
    it.search = std::vector<std::string>{"down", "nothing", "Live", "Retired", "Retired"}[below(5)];
    it.with_optional = below(4) > 0;
    it.with_units = below(4) > 0;
    it.with_filter = below(4) > 0;
    it.group_rows = 1 + below(4);
    return it;
  }

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::mt19937_64& generator() { return random_; }

 private:
  Set some(const std::string& prefix, std::uint64_t count, std::size_t step) {
    Set ids;
    for (std::uint64_t i = 0; i < count; ++i) ids.insert(prefix + std::to_string(i * step));
    return ids;
  }

  Set part_of(const Set& all) {
    Set part;
    for (const std::string& id : all) {
      if (below(3) > 0) part.insert(id);
    }
    return part;
  }

  std::optional<int> status() { return below(6) == 0 ? std::nullopt : std::optional(static_cast<int>(below(4))); }

  std::mt19937_64 random_;
};

Value value_of(std::optional<int> status) { return status ? Value(*status) : Value(); }

School school_of(const Situation& it) {
  Course built = course("do_1");
  if (it.search == "nothing") built = built.search_answers(200, R"({"result":{"count":0}})");
  if (it.search != "nothing" && it.search != "down") built = built.known_as(it.search);
  Learner somebody = learner("u1");
  for (const auto& [content, status] : it.consumption) {
    somebody = !status        ? somebody.opened({content})
               : *status == 2 ? somebody.finished({content})
               : *status == 1 ? somebody.started({content})
                              : somebody.listed({content});
  }
  if (it.enrolment) somebody = somebody.enrolled(value_of(*it.enrolment));
  School school = somebody.in(built);
  for (auto& row : school.tables["user_content_consumption"]) row["status"] = value_of(it.consumption.at(*row["contentid"].text()));
  for (const auto& [kind, sets] : {std::pair{"leafnodes", &it.leaf}, {"optionalnodes", &it.optional}, {"ancestors", &it.ancestors}}) {
    for (const auto& [id, members] : *sets) school.sets["do_1:" + id + ":" + kind] = {members.begin(), members.end()};
  }
  return school;
}

Options options_of(const Situation& it) {
  Options options = defaults();
  options.relation_cache.optional_nodes = it.with_optional;
  options.unit_aggregates = it.with_units;
  options.skip_processed = it.with_filter;
  options.write_group_rows = it.group_rows;
  return options;
}

Expected found(const Reconciled& run) {
  if (const Reject* reject = std::get_if<Reject>(&run.step)) {
    return {.error = reject->error.code, .aggregates = {}, .enrolment = {}, .topics = {}, .counts = counts_in(reject->counts)};
  }
  const Plan& plan = run.plan();
  return {.error = {}, .aggregates = aggregates(plan), .enrolment = enrolment(plan), .topics = topics(plan), .counts = counts_in(plan.counts)};
}

[[maybe_unused]] void PrintTo(const Expected& it, std::ostream* out) {
  if (it.error) *out << "error " << name_of(*it.error);
  for (const auto& [id, n] : it.aggregates) *out << "\n  aggregate " << id << " " << n;
  if (it.enrolment) {
    for (const auto& [column, value] : *it.enrolment) *out << "\n  enrolment " << column << " " << describe(value);
  }
  for (const std::string& topic : it.topics) *out << "\n  to " << topic;
  for (const auto& [name, n] : it.counts) *out << "\n  " << name << " " << n;
}

TEST(EnrolmentReconciliationModel, AgreesWithTheRules) {
  RandomSituations situations(test_seed());
  std::map<std::string, int> seen;
  for (int i = 0; i < 5000; ++i) {
    const Situation it = situations.next();
    const Expected expected = Model(it).expected();
    const Reconciled run = reconcile(school_of(it), options_of(it));
    ASSERT_EQ(found(run), expected) << "situation " << i;
    ASSERT_LE(run.rounds.size(), 5u);
    ++seen[expected.error ? std::string(name_of(*expected.error)) : expected.topics.empty() ? "quiet" : expected.topics.front()];
  }
  for (const auto* end : {"quiet", "certificates", "failed", "unpublished_course", "bad_answer"}) EXPECT_GT(seen[end], 20) << end << " is hardly tried";
}

TEST(EnrolmentReconciliationModel, TheOrderOfRowsAndMembersNeverMatters) {
  RandomSituations situations(test_seed());
  for (int i = 0; i < 1000; ++i) {
    const Situation it = situations.next();
    School school = school_of(it);
    const Reconciled before = reconcile(school, options_of(it));
    school.shuffle(situations.generator());
    const Reconciled after = reconcile(school, options_of(it));
    ASSERT_EQ(found(after), found(before)) << "situation " << i;
    if (!std::holds_alternative<Plan>(before.step)) continue;
    ASSERT_EQ(after.plan().stages, before.plan().stages) << "situation " << i;
  }
}

TEST(EnrolmentReconciliationModel, AgainItWritesTheSameValues) {
  RandomSituations situations(test_seed());
  for (int i = 0; i < 1000; ++i) {
    Situation it = situations.next();
    it.with_filter = true;
    School school = school_of(it);
    const Reconciled first = reconcile(school, options_of(it));
    if (!std::holds_alternative<Plan>(first.step)) continue;
    school.apply(first.plan());
    const Reconciled second = reconcile(school, options_of(it));
    ASSERT_EQ(aggregates(second.plan()), aggregates(first.plan()));
    if (enrolment(first.plan()) && enrolment(first.plan())->at("status") == Value(2)) {
      ASSERT_EQ(enrolment(second.plan()), std::nullopt);
      ASSERT_TRUE(second.plan().outputs.empty());
    } else {
      ASSERT_EQ(enrolment(second.plan()), enrolment(first.plan()));
    }
  }
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
