#include "integration/course_family/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace lernd::family {
namespace {

using nlohmann::json;

constexpr int kFinished = 2;

std::size_t below(std::size_t n, std::mt19937_64& random) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); }
bool chance(double p, std::mt19937_64& random) { return std::bernoulli_distribution(p)(random); }

/// The collection and all above it.
std::set<std::size_t> path(const Course& course, std::size_t collection) {
  std::set<std::size_t> all{0};
  for (; collection != 0; collection = course.collections[collection].parent) all.insert(collection);
  return all;
}

std::set<std::size_t> ancestors(const Course& course, const Content& content) {
  std::set<std::size_t> all;
  for (const std::size_t place : content.places) all.merge(path(course, place));
  return all;
}

json node(const Course& course, std::size_t collection) {
  json children = json::array();
  for (std::size_t i = 1; i < course.collections.size(); ++i) {
    if (course.collections[i].parent == collection) children.push_back(node(course, i));
  }
  for (const Content& content : course.contents) {
    if (std::ranges::find(content.places, collection) == content.places.end()) continue;
    json child{{"identifier", content.id}, {"mimeType", "video/mp4"}, {"visibility", "Default"}};
    if (content.optional) child["relationalMetadata"] = {{"optional", true}};
    children.push_back(std::move(child));
  }
  return {{"identifier", course.collections[collection].id},
          {"mimeType", "application/vnd.ekstep.content-collection"},
          {"visibility", collection == 0 ? "Default" : "Parent"},
          {"children", std::move(children)}};
}

Enrolled enrolled(const Course& course, const std::string& user) { return {user, course.id, course.batch}; }

void larger(std::optional<int>& target, const std::optional<int>& source) {
  if (source) target = std::max(target.value_or(*source), *source);
}

void sum(std::optional<int>& target, const std::optional<int>& source) {
  if (source) target = target.value_or(0) + *source;
}

}  // namespace

std::string Course::hierarchy() const { return node(*this, 0).dump(); }

void State::publish(const Course& course) {
  const auto put = [&](const std::string& id, const char* kind, std::set<std::string> members) {
    const std::string key = fmt::format("{}:{}:{}", course.id, id, kind);
    members.empty() ? void(sets.erase(key)) : void(sets[key] = std::move(members));
  };
  for (std::size_t i = 0; i < course.collections.size(); ++i) {
    std::set<std::string> leaves;
    std::set<std::string> optional;
    for (const Content& content : course.contents) {
      if (!ancestors(course, content).contains(i)) continue;
      leaves.insert(content.id);
      if (content.optional) optional.insert(content.id);
    }
    put(course.collections[i].id, "leafnodes", leaves);
    put(course.collections[i].id, "optionalnodes", optional);
  }
  for (const Content& content : course.contents) {
    std::set<std::string> above;
    for (const std::size_t i : ancestors(course, content)) above.insert(course.collections[i].id);
    put(content.id, "ancestors", above);
  }
}

void State::progress(const Course& course, const std::string& user, const std::vector<std::string>& finished) {
  const Enrolled key = enrolled(course, user);
  bool any = false;
  for (const std::string& id : finished) {
    if (!counted_.insert({key, id}).second) continue;
    any = true;
    ContentRow& row = contents[key][id];
    if (row.views.value_or(0) == 0) audits.insert({"start", user + " " + id});
    if (row.completions.value_or(0) == 0) audits.insert({"complete", user + " " + id});
    row.status = std::max(row.status.value_or(0), kFinished);
    row.views = row.views.value_or(0) + 1;
    row.completions = row.completions.value_or(0) + 1;
  }
  if (any) reconcile(course, user);
}

std::pair<int, int> State::done_of_all(const Course& course, const std::string& collection, const std::map<std::string, ContentRow>& rows) const {
  const auto leaves = sets.find(fmt::format("{}:{}:leafnodes", course.id, collection));
  const auto optional = sets.find(fmt::format("{}:{}:optionalnodes", course.id, collection));
  std::pair<int, int> counts;
  if (leaves == sets.end()) return counts;
  for (const std::string& id : leaves->second) {
    if (optional != sets.end() && optional->second.contains(id)) continue;
    ++counts.second;
    const auto row = rows.find(id);
    if (row != rows.end() && row->second.status == kFinished) ++counts.first;
  }
  return counts;
}

void State::add(const State& other) {
  sets.insert(other.sets.begin(), other.sets.end());
  contents.insert(other.contents.begin(), other.contents.end());
  enrolments.insert(other.enrolments.begin(), other.enrolments.end());
  aggregates.insert(other.aggregates.begin(), other.aggregates.end());
  certificates.insert(other.certificates.begin(), other.certificates.end());
  audits.insert(other.audits.begin(), other.audits.end());
  syncs.insert(other.syncs.begin(), other.syncs.end());
}

void State::reconcile(const Course& course, const std::string& user) {
  const Enrolled key = enrolled(course, user);
  const auto rows = contents.find(key);
  if (rows == contents.end()) return;
  const std::string context = "cb:" + course.batch;
  const auto [done, all] = done_of_all(course, course.id, rows->second);
  aggregates[{course.id, user, context}] = done;
  for (const auto& [id, row] : rows->second) {
    const auto above = sets.find(fmt::format("{}:{}:ancestors", course.id, id));
    if (above == sets.end()) continue;
    for (const std::string& unit : above->second) {
      if (unit != course.id) aggregates[{unit, user, context}] = done_of_all(course, unit, rows->second).first;
    }
  }
  const auto enrolment = enrolments.find(key);
  if (enrolment == enrolments.end() || enrolment->second.status == kFinished) return;
  enrolment->second.progress = done;
  enrolment->second.contents.clear();
  for (const auto& [id, row] : rows->second) enrolment->second.contents[id] = row.status.value_or(1);
  enrolment->second.status = done >= all ? kFinished : 1;
  if (done < all) return;
  enrolment->second.completed_on = true;
  certificates.insert(key);
  audits.insert({"enrol-complete", user + " " + course.id});
}

void State::merge(const std::map<std::string, const Course*>& courses, const std::string& from, const std::string& to, const std::string& mid) {
  const bool first = merged_.insert({mid, from, to}).second;
  const auto of = [](const auto& map, const std::string& user) {
    std::vector<std::pair<Enrolled, typename std::decay_t<decltype(map)>::mapped_type>> found;
    for (const auto& [key, value] : map) {
      if (std::get<0>(key) == user) found.emplace_back(key, value);
    }
    return found;
  };
  const auto moved = [&](Enrolled key) {
    std::get<0>(key) = to;
    return key;
  };
  for (const auto& [key, rows] : of(contents, from)) {
    if (!first) break;
    auto& target = contents[moved(key)];
    for (const auto& [id, row] : rows) {
      larger(target[id].status, row.status);
      sum(target[id].views, row.views);
      sum(target[id].completions, row.completions);
    }
  }
  for (const auto& [key, enrolment] : of(enrolments, from)) {
    const std::string& course = std::get<1>(key);
    for (const auto& [aggregate, count] : std::map(aggregates)) {
      if (std::get<0>(aggregate) != course || std::get<1>(aggregate) != from) continue;
      double& target = aggregates[{course, to, std::get<2>(aggregate)}];
      target = std::max(target, count);
    }
  }
  for (const auto& [key, enrolment] : of(enrolments, from)) enrolments.emplace(moved(key), enrolment);
  for (const auto& [key, enrolment] : of(enrolments, to)) {
    syncs.insert(key);
    reconcile(*courses.at(std::get<1>(key)), to);
  }
}

History::History(std::string name, std::mt19937_64& random) : name_(std::move(name)) {
  for (std::size_t c = 0; c < 1 + below(2, random); ++c) {
    Course course{.id = fmt::format("{}_c{}", name_, c), .batch = fmt::format("{}_b{}", name_, c), .collections = {}, .contents = {}};
    course.collections.push_back({course.id, 0});
    const std::size_t units = below(4, random);
    for (std::size_t u = 0; u < units; ++u) course.collections.push_back({fmt::format("{}_u{}", course.id, u), below(course.collections.size(), random)});
    const std::size_t contents = 1 + below(6, random);
    for (std::size_t i = 0; i < contents; ++i) {
      Content content{.id = fmt::format("{}_do{}", course.id, i), .places = {below(course.collections.size(), random)}, .optional = chance(0.2, random)};
      const std::size_t second = below(course.collections.size(), random);
      if (chance(0.2, random) && second != content.places[0]) content.places.push_back(second);
      course.contents.push_back(std::move(content));
    }
    courses_.push_back(std::move(course));
  }
  for (std::size_t p = 0; p < 1 + below(2, random); ++p) {
    auto& accounts = people_.emplace_back();
    for (std::size_t a = 0; a < 1 + below(3, random); ++a) {
      Account account{.id = fmt::format("{}_p{}a{}", name_, p, a), .finished = {}};
      for (std::size_t c = 0; c < courses_.size(); ++c) {
        if (chance(0.3, random)) continue;
        const Enrolled key = enrolled(courses_[c], account.id);
        if (chance(0.85, random)) start_.enrolments[key] = {};
        for (const Content& content : courses_[c].contents) {
          if (chance(0.25, random)) continue;
          // The course service writes the status before it sends the message.
          ContentRow& row = start_.contents[key][content.id];
          if (chance(0.9, random)) row.status = chance(0.75, random) ? kFinished : 1;
          if (chance(0.3, random)) row.views = static_cast<int>(below(3, random));
          if (chance(0.2, random)) row.completions = static_cast<int>(below(2, random));
          if (row.status == kFinished && chance(0.85, random)) account.finished[c].push_back(content.id);
        }
      }
      accounts.push_back(std::move(account));
    }
  }
}

std::string History::message(const char* action, json edata) {
  edata["action"] = action;
  edata["iteration"] = 1;
  return json{{"eid", "BE_JOB_REQUEST"}, {"ets", 1700000000000 + messages_}, {"mid", fmt::format("LP.{}.{}", name_, messages_++)}, {"edata", std::move(edata)}}
      .dump();
}

std::vector<Message> History::phase(int number, State& model, std::mt19937_64& random) {
  std::vector<Message> messages;
  const auto send = [&](const char* job, const std::string& value) {
    messages.push_back({job, value});
    return chance(0.15, random) ? (messages.push_back(messages.back()), 2) : 1;
  };
  const auto publish = [&](const Course& course) {
    send("relation-cache-updater", message("post-publish-process", {{"identifier", course.id}, {"mimeType", "application/vnd.ekstep.content-collection"}}));
    model.publish(course);
  };
  const auto merge = [&](const Account& from, const Account& to) {
    std::map<std::string, const Course*> courses;
    for (const Course& course : courses_) courses[course.id] = &course;
    const std::string text = message("merge-user-courses-and-cert", {{"fromAccountId", from.id}, {"toAccountId", to.id}});
    for (int i = send("merge-user-courses", text); i > 0; --i) model.merge(courses, from.id, to.id, json::parse(text).at("mid"));
  };
  switch (number) {
    case 0:
      for (const Course& course : courses_) publish(course);
      break;
    case 1:
      for (const auto& accounts : people_) {
        for (const Account& account : accounts) {
          for (const auto& [c, finished] : account.finished) {
            for (std::size_t i = 0; i < finished.size();) {
              const std::size_t n = 1 + below(3, random);
              json contents = json::array();
              std::vector<std::string> some;
              for (; some.size() < n && i < finished.size(); ++i) {
                contents.push_back({{"contentId", finished[i]}, {"status", kFinished}});
                some.push_back(finished[i]);
              }
              contents.push_back({{"contentId", "opened only"}, {"status", 1}});
              const Course& course = courses_[c];
              send("activity-aggregate-updater",
                   message("batch-enrolment-update",
                           {{"userId", account.id}, {"courseId", course.id}, {"batchId", course.batch}, {"contents", std::move(contents)}}));
              model.progress(course, account.id, some);
            }
          }
        }
      }
      break;
    case 2:
    case 3:
      // First into second, later second into third: what the first had arrives at the third.
      for (const auto& accounts : people_) {
        const auto step = static_cast<std::size_t>(number - 2);
        if (accounts.size() > step + 1) merge(accounts[step], accounts[step + 1]);
      }
      break;
    case 4:
      for (Course& course : courses_) {
        for (Content& content : course.contents) {
          if (chance(0.2, random)) content.optional = !content.optional;
        }
        publish(course);
      }
      break;
    default:
      for (const auto& accounts : people_) {
        for (const Account& account : accounts) {
          for (const Course& course : courses_) {
            if (!model.enrolments.contains(enrolled(course, account.id)) && chance(0.5, random)) continue;
            send("enrolment-reconciliation", message("user-enrolment-sync", {{"userId", account.id}, {"courseId", course.id}, {"batchId", course.batch}}));
            model.reconcile(course, account.id);
          }
        }
      }
  }
  return messages;
}

namespace {

std::string text_of(const std::string& value) { return value; }
std::string text_of(double value) { return fmt::format("{}", value); }
std::string text_of(const std::optional<int>& value) { return value ? std::to_string(*value) : "null"; }
std::string text_of(const std::set<std::string>& value) { return fmt::format("{}", fmt::join(value, ",")); }
std::string text_of(const ContentRow& row) {
  return fmt::format("status {} views {} completions {}", text_of(row.status), text_of(row.views), text_of(row.completions));
}
std::string text_of(const std::map<std::string, ContentRow>& rows) {
  std::string text;
  for (const auto& [id, row] : rows) text += fmt::format("\n      {}: {}", id, text_of(row));
  return text;
}
std::string text_of(const Enrolment& value) {
  return fmt::format("status {} progress {} completedon {} contents {}", value.status, text_of(value.progress), value.completed_on, value.contents);
}
template <class... T>
std::string text_of(const std::tuple<T...>& value) {
  return std::apply([](const auto&... part) { return fmt::format("{}", fmt::join({text_of(part)...}, " ")); }, value);
}

constexpr int kLinesMax = 4;

template <class Map>
void append_map(std::string& text, const char* name, const Map& found, const Map& expected) {
  int lines = 0;
  const auto line = [&](const auto& key, const std::string& is, const std::string& wanted) {
    if (++lines <= kLinesMax) text += fmt::format("  {} {}:\n    is {}\n    expected {}\n", name, text_of(key), is, wanted);
  };
  for (const auto& [key, value] : expected) {
    const auto other = found.find(key);
    if (other == found.end()) {
      line(key, "not there", text_of(value));
    } else if (other->second != value) {
      line(key, text_of(other->second), text_of(value));
    }
  }
  for (const auto& [key, value] : found) {
    if (!expected.contains(key)) line(key, text_of(value), "not there");
  }
}

template <class Bag>
void append_bag(std::string& text, const char* name, const Bag& found, const Bag& expected) {
  int lines = 0;
  std::set<typename Bag::value_type> all(found.begin(), found.end());
  all.insert(expected.begin(), expected.end());
  for (const auto& one : all) {
    if (found.count(one) == expected.count(one) || ++lines > kLinesMax) continue;
    text += fmt::format("  {} {}: {} times, expected {}\n", name, text_of(one), found.count(one), expected.count(one));
  }
}

}  // namespace

std::string difference(const State& found, const State& expected) {
  std::string text;
  append_map(text, "set", found.sets, expected.sets);
  append_map(text, "contents of", found.contents, expected.contents);
  append_map(text, "aggregate", found.aggregates, expected.aggregates);
  append_map(text, "enrolment", found.enrolments, expected.enrolments);
  append_bag(text, "certificate of", found.certificates, expected.certificates);
  append_bag(text, "audit event", found.audits, expected.audits);
  append_bag(text, "sync of", found.syncs, expected.syncs);
  return text;
}

}  // namespace lernd::family
