#include "jobs/merge_user_courses/enrolment_merge.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "jobs/merge_user_courses/row_copy.h"

namespace lernd::merge_user_courses {
namespace {

constexpr std::string_view kOwner = "userid";
constexpr std::array<std::string_view, 3> kKey{kOwner, "courseid", "batchid"};

/// Course and course batch; ordered as the table's clustering columns are.
using CourseBatch = std::pair<std::string, std::string>;

CourseBatch course_batch(const Rows::Row& row) { return {text_in(row["courseid"]), text_in(row["batchid"])}; }

}  // namespace

EnrolmentMerge merge_enrolments(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id) {
  EnrolmentMerge merge;
  std::set<CourseBatch> enrolled;
  for (std::size_t i = 0; i < target.size(); ++i) enrolled.insert(course_batch(target[i]));
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (const auto [found, is_new] = enrolled.insert(course_batch(source[i])); !is_new) {
      merge.shared.push_back({target_id, found->first, found->second});
    } else {
      merge.copies.push_back(copy_of_row(table, source, i, kKey, kOwner, target_id));
    }
  }
  for (const auto& [course, batch] : enrolled) merge.of_target.push_back({target_id, course, batch});
  return merge;
}

std::vector<std::string> courses_of(const Rows& enrolments) {
  std::vector<std::string> courses;
  for (std::size_t i = 0; i < enrolments.size(); ++i) courses.push_back(text_in(enrolments[i]["courseid"]));
  std::ranges::sort(courses);
  courses.erase(std::ranges::unique(courses).begin(), courses.end());
  return courses;
}

}  // namespace lernd::merge_user_courses
