#include "unit/jobs/merge_user_courses/model.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace lernd::model {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool same_but_for_case(const ContentKey& a, const ContentKey& b) {
  return lower(std::get<0>(a)) == lower(std::get<0>(b)) && lower(std::get<1>(a)) == lower(std::get<1>(b)) && lower(std::get<2>(a)) == lower(std::get<2>(b));
}

template <class T>
void raise(std::optional<T>& into, const std::optional<T>& value) {
  if (value && (!into || *value > *into)) into = value;
}

void add(const Content& from, Content& into) {
  raise(into.status, from.status);
  raise(into.accessed, from.accessed);
  if (from.views) into.views = from.views.value() + into.views.value_or(0);
  if (!into.details) into.details = from.details;
  if (!into.date) {
    into.date = from.date;
  } else if (from.date && kDates[*from.date].instant) {
    const auto stored = kDates[*into.date].instant;
    if (!stored || *kDates[*from.date].instant > *stored) into.date = from.date;
  }
}

void merge_contents(const Account& source, Account& target) {
  const Account before = target;
  for (const auto& [key, content] : source.contents) {
    const ContentKey* match = nullptr;
    for (const auto& [candidate, ignored] : before.contents) {
      if (same_but_for_case(candidate, key)) match = &candidate;
    }
    for (const auto& [candidate, ignored] : before.contents) {
      if (candidate == key) match = &candidate;
    }
    if (match == nullptr) {
      target.contents[key] = content;
    } else {
      add(content, target.contents[*match]);
    }
  }
}

void merge_aggregates(const Account& source, Account& target) {
  for (const auto& [key, aggregate] : source.aggregates) {
    const bool enrolled = std::ranges::any_of(source.enrolments, [&](const auto& enrolment) { return enrolment.first.first == key.first; });
    if (!enrolled) continue;
    Aggregate& into = target.aggregates[key];
    for (const auto& [name, value] : aggregate.values) into.values[name] = into.values.contains(name) ? std::max(into.values[name], value) : value;
    into.values["completedCount"] = std::max(into.values["completedCount"], 0.0);
    const auto before = into.details;
    for (const std::string& detail : aggregate.details) {
      if (std::ranges::find(before, detail) == before.end()) into.details.push_back(detail);
    }
  }
}

template <class T>
std::optional<T> perhaps(std::mt19937_64& random, T value) {
  return random() % 3 == 0 ? std::nullopt : std::optional(value);
}

}  // namespace

void School::merge(const Merge& merge) {
  Account& source = accounts[merge.source];
  Account& target = accounts[merge.target];
  const bool known = !merge.mid.empty() && !seen_.insert({merge.mid, merge.source, merge.target}).second;
  if (!known) merge_contents(source, target);
  merge_aggregates(source, target);
  for (const auto& [key, added_by] : source.enrolments) target.enrolments.emplace(key, added_by);
  for (const auto& [key, added_by] : target.enrolments) synced.push_back(key.first + " " + key.second + " " + merge.target);
}

void PrintTo(const Account& account, std::ostream* out) {
  const auto show = [&](const char* name, const auto& value) {
    if (value) *out << " " << name << "=" << *value;
  };
  for (const auto& [key, content] : account.contents) {
    *out << "\n  content " << std::get<0>(key) << " " << std::get<1>(key) << " " << std::get<2>(key);
    show("status", content.status);
    show("views", content.views);
    show("accessed", content.accessed);
    show("date", content.date);
    show("details", content.details);
  }
  for (const auto& [key, added_by] : account.enrolments) *out << "\n  enrolment " << key.first << " " << key.second << " by " << added_by;
  for (const auto& [key, aggregate] : account.aggregates) {
    *out << "\n  aggregate " << key.first << " " << key.second;
    for (const auto& [name, value] : aggregate.values) *out << " " << name << "=" << value;
    for (const std::string& detail : aggregate.details) *out << " '" << detail << "'";
  }
  *out << "\n";
}

Account random_account(std::mt19937_64& random, const std::string& id) {
  static const char* const kCourses[] = {"c1", "c2", "C1"};
  static const char* const kContents[] = {"x", "X", "y", "z"};
  Account account;
  for (std::size_t n = random() % 6; n > 0; --n) {
    Content& content = account.contents[{kCourses[random() % 3], "b1", kContents[random() % 4]}];
    content.status = perhaps(random, static_cast<int>(random() % 3));
    content.views = perhaps(random, static_cast<int>(random() % 10));
    content.accessed = perhaps(random, static_cast<long>(random() % 5) + 1);
    content.date = perhaps(random, static_cast<std::size_t>(random() % std::size(kDates)));
    content.details = perhaps(random, id + " " + std::to_string(random() % 3));
  }
  for (std::size_t n = random() % 3; n > 0; --n) account.enrolments[{kCourses[random() % 3], random() % 2 == 0 ? "b1" : "b2"}] = id;
  for (std::size_t n = random() % 3; n > 0; --n) {
    Aggregate& aggregate = account.aggregates[{kCourses[random() % 3], random() % 2 == 0 ? "b1" : "b2"}];
    for (const char* name : {"completedCount", "score:q", "score:r"}) {
      if (random() % 2 == 0) aggregate.values[name] = static_cast<double>(random() % 8);
    }
    if (random() % 2 == 0) aggregate.details = {"attempt " + std::to_string(random() % 3), "attempt of " + id};
  }
  return account;
}

}  // namespace lernd::model
