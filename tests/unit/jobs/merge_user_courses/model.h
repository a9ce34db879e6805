#pragma once

#include <compare>
#include <map>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// What merge-user-courses.md says, once more and in the plainest way: accounts are maps, merging is loops over loops. Shares no code with the job.
namespace lernd::model {

struct Content {
  std::optional<int> status;
  std::optional<int> views;
  std::optional<long> accessed;
  std::optional<std::size_t> date;  ///< which of `kDates`
  std::optional<std::string> details;
  bool operator==(const Content&) const = default;
};

struct Date {
  const char* text;
  std::optional<long> instant;  ///< nothing: unreadable
};
inline constexpr Date kDates[] = {{"2022-02-21 05:54:43:853+0000", 10}, {"2022-02-21 11:24:43:853+0530", 10}, {"2022-02-21 11:24:43:854+0530", 11},
                                  {"2022-02-21 05:54:43:85+0000", 9},   {"2022-02-21T05:54:43.853Z", {}},     {"", {}}};

struct Aggregate {
  std::map<std::string, double> values;
  std::vector<std::string> details;
  bool operator==(const Aggregate&) const = default;
};

using ContentKey = std::tuple<std::string, std::string, std::string>;  ///< course, batch, content
using CourseBatch = std::pair<std::string, std::string>;

struct Account {
  std::map<ContentKey, Content> contents;
  std::map<CourseBatch, std::string> enrolments;  ///< with who added it
  std::map<CourseBatch, Aggregate> aggregates;
  bool operator==(const Account&) const = default;
};

using Accounts = std::map<std::string, Account>;

/// An account in failure messages: a line for each row.
void PrintTo(const Account& account, std::ostream* out);

struct Merge {
  std::string source;
  std::string target;
  std::string mid;  ///< empty: none
};

/// Carries merges out in order and remembers which it has seen.
class School {
 public:
  explicit School(Accounts accounts) : accounts(std::move(accounts)) {}

  void merge(const Merge& merge);

  Accounts accounts;
  std::vector<std::string> synced;  ///< `course batch user`, for each sync event

 private:
  std::set<std::tuple<std::string, std::string, std::string>> seen_;
};

Account random_account(std::mt19937_64& random, const std::string& id);

}  // namespace lernd::model
