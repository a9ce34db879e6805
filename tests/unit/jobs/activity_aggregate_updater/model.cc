#include "unit/jobs/activity_aggregate_updater/model.h"

#include <algorithm>

namespace lernd::activity_model {
namespace {

const std::string kCourse = "do_1";

std::size_t common(const Set& required, const Set& done) {
  std::size_t n = 0;
  for (const std::string& id : required) n += done.count(id);
  return n;
}

}  // namespace

Outcome Model::take(Enrolment& enrolment, const std::vector<std::string>& items, std::size_t messages) {
  Enrolment changed = enrolment;
  it_ = &changed;
  out_ = {};
  std::vector<std::string> waiting;
  bool sound = true;
  for (const std::string& item : items) {
    const bool waits = std::ranges::find(waiting, item) != waiting.end();
    if (settings_.dedup && (it_->fingerprints.contains(item) || waits)) continue;
    waiting.push_back(item);
    if (waiting.size() < settings_.window) continue;
    sound = sound && window(waiting);
    waiting.clear();
  }
  if (!waiting.empty()) sound = sound && window(waiting);
  if (!sound) {
    out_.rejected = true;
    out_.events.clear();
    return out_;
  }
  count("batch-enrolment-update-count", messages);
  if (out_.failed > 0) out_.failed = messages;
  enrolment = changed;
  return out_;
}

bool Model::window(const std::vector<std::string>& items) {
  count("processed-enrolment-count");
  count("db-read-count");
  const Set required = required_of(kCourse, true);
  const bool retired = !course_.leaf.contains(kCourse) || course_.leaf.at(kCourse).empty();
  if (retired && course_.search != "Retired") return false;
  if (retired) {
    count("retired-consumption-events-count");
    ++out_.failed;
  }

  std::map<std::string, int> statuses;
  for (const auto& [id, content] : it_->contents) statuses[id] = content.status.value_or(1);
  std::vector<std::string> first;  // each content of the window once
  std::vector<std::string> events;
  for (const std::string& id : items) {
    if (std::ranges::find(first, id) == first.end()) {
      first.push_back(id);
      if (it_->contents[id].views.value_or(0) == 0) events.push_back("start " + id);
      if (it_->contents[id].completions.value_or(0) == 0) events.push_back("complete " + id);
    }
    statuses[id] = std::max(statuses[id], 2);
    it_->contents[id].views = it_->contents[id].views.value_or(0) + 1;
    it_->contents[id].completions = it_->contents[id].completions.value_or(0) + 1;
  }
  count_groups(first.size());

  Set done;
  for (const auto& [id, status] : statuses) {
    if (status == 2) done.insert(id);
  }
  std::map<std::string, double> aggregates;
  if (!retired) aggregates[kCourse] = static_cast<double>(common(required, done));
  if (settings_.units) {
    Set units;
    for (const auto& [id, status] : statuses) units.merge(look_up(course_.ancestors, id));
    units.erase(kCourse);
    for (const std::string& unit : units) aggregates[unit] = static_cast<double>(common(required_of(unit, false), done));
  }
  count_groups(aggregates.size());
  for (const auto& [id, n] : aggregates) it_->aggregates[id] = n;
  if (!retired) {
    bring_up_to_date(required, done, statuses);
    if (settings_.dedup) it_->fingerprints.insert(first.begin(), first.end());
  }
  out_.events.insert(out_.events.end(), events.begin(), events.end());
  return true;
}

void Model::bring_up_to_date(const Set& required, const Set& done, const std::map<std::string, int>& statuses) {
  if (settings_.filter) {
    count("db-read-count");
    if (!it_->row || it_->row->status == 2) return;
  }
  count("db-update-count");
  const std::size_t n = common(required, done);
  const bool complete = n >= required.size();
  if (!it_->row) it_->row.emplace();
  it_->row->status = complete ? 2 : 1;
  it_->row->progress = static_cast<int>(n);
  it_->row->contents = statuses;
  if (!complete) return;
  it_->row->completed_on = true;
  out_.events.insert(out_.events.end(), {"certificate", "enrol-complete"});
  count("enrolment-complete-count");
  count("cert-issue-events-count");
}

Set Model::look_up(const std::map<std::string, Set>& sets, const std::string& id) {
  count("cache-hit-count");
  const auto found = sets.find(id);
  if (found == sets.end() || found->second.empty()) count("cache-miss-count");
  return found == sets.end() ? Set() : found->second;
}

Set Model::required_of(const std::string& collection, bool is_course) {
  Set leaf = look_up(course_.leaf, collection);
  if (!settings_.optional || (is_course && leaf.empty())) return leaf;
  for (const std::string& id : look_up(course_.optional, collection)) leaf.erase(id);
  return leaf;
}

void Model::count(const std::string& name, std::uint64_t n) {
  if (n > 0) out_.counts[name] += n;
}

}  // namespace lernd::activity_model
