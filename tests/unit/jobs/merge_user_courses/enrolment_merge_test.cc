#include "jobs/merge_user_courses/enrolment_merge.h"

#include <gtest/gtest.h>

#include "unit/jobs/merge_user_courses/merging.h"

namespace lernd::merge_user_courses {
namespace {

const TableName kTable{"sunbird_courses", "user_enrolments"};

using course_progress::EnrolmentKey;

TEST(EnrolmentMerge, CopiesWhatTheTargetLacksAndLeavesTheRest) {
  const Row certified{{"active", false}, {"addedby", "s"}, {"certificates", list_of({map_of({{"id", "1"}})})}, {"unknown", 7}};
  const auto merge = merge_enrolments(kTable, rows_of({enrolment("s", "c1", "b1", certified), enrolment("s", "c2", "b1", {{"status", 2}})}),
                                      rows_of({enrolment("t", "c0", "b1"), enrolment("t", "c2", "b1", {{"status", 0}})}), "t");
  ASSERT_EQ(merge.copies.size(), 1u);
  EXPECT_EQ(row_of(merge.copies[0]), enrolment("t", "c1", "b1", certified));
  EXPECT_EQ(merge.copies[0].kind, RowWrite::Kind::insert);
  EXPECT_EQ(merge.shared, (std::vector<EnrolmentKey>{{"t", "c2", "b1"}}));
  EXPECT_EQ(merge.of_target, (std::vector<EnrolmentKey>{{"t", "c0", "b1"}, {"t", "c1", "b1"}, {"t", "c2", "b1"}}));
}

// The reference compares batch ids alone.
TEST(EnrolmentMerge, ABatchIdMayServeTwoCourses) {
  const auto merge = merge_enrolments(kTable, rows_of({enrolment("s", "c1", "b"), enrolment("s", "c2", "b")}), rows_of({enrolment("t", "c3", "b")}), "t");
  EXPECT_EQ(merge.copies.size(), 2u);
  EXPECT_EQ(merge.of_target.size(), 3u);
}

TEST(EnrolmentMerge, OrdersByBytes) {
  const auto merge = merge_enrolments(kTable, rows_of({enrolment("s", "\xc3\xa4", "b"), enrolment("s", "a", "b2")}),
                                      rows_of({enrolment("t", "Z", "b"), enrolment("t", "a", "b10")}), "t");
  EXPECT_EQ(merge.of_target, (std::vector<EnrolmentKey>{{"t", "Z", "b"}, {"t", "a", "b10"}, {"t", "a", "b2"}, {"t", "\xc3\xa4", "b"}}));
}

TEST(EnrolmentMerge, CoursesOnce) {
  EXPECT_EQ(courses_of(rows_of({enrolment("s", "c2", "b1"), enrolment("s", "c1", "b1"), enrolment("s", "c2", "b2")})), (std::vector<std::string>{"c1", "c2"}));
  EXPECT_TRUE(courses_of(Rows()).empty());
}

}  // namespace
}  // namespace lernd::merge_user_courses
