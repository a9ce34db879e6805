#include "jobs/merge_user_courses/merge_value.h"

#include <gtest/gtest.h>

#include <limits>

namespace lernd::merge_user_courses {
namespace {

const Value kNull;

TEST(MergeValue, LargerOfNumbersAndTimes) {
  EXPECT_EQ(larger(2, 1), Value(2));
  EXPECT_EQ(larger(1, 2), Value(2));
  EXPECT_EQ(larger(-1, -2), Value(-1));
  EXPECT_EQ(larger(0.5, 0.25), Value(0.5));
  EXPECT_EQ(larger(Timestamp{5}, Timestamp{6}), Value(Timestamp{6}));
  EXPECT_EQ(larger(Timestamp{6}, Timestamp{5}), Value(Timestamp{6}));
  EXPECT_EQ(larger(3, kNull), Value(3));
  EXPECT_EQ(larger(kNull, 3), Value(3));
  EXPECT_EQ(larger(kNull, kNull), kNull);
  EXPECT_EQ(larger(2, "1"), Value("1")) << "of two forms the target's";
}

TEST(MergeValue, SumsEndAtTheLargestInt) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(sum(3, 4), Value(7));
  EXPECT_EQ(sum(kMax, 1), Value(kMax));
  EXPECT_EQ(sum(1, kMax), Value(kMax));
  EXPECT_EQ(sum(kMax, kMax), Value(kMax));
  EXPECT_EQ(sum(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()), Value(kMax));
  EXPECT_EQ(sum(-kMax, -kMax), Value(-kMax - 1));
  EXPECT_EQ(sum(kNull, 4), Value(4));
  EXPECT_EQ(sum(4, kNull), Value(4));
  EXPECT_EQ(sum(kNull, kNull), kNull);
}

TEST(MergeValue, LaterTextByInstantNotByText) {
  const auto format = *DateFormat::compile("yyyy-MM-dd HH:mm:ss:SSSZ");
  const Value early = "2022-02-21 11:24:43:853+0530";
  const Value late = "2022-02-21 06:00:00:000+0000";
  const Value same = "2022-02-21 05:54:43:853+0000";
  std::size_t unreadable = 0;
  EXPECT_EQ(later_text(late, early, format, unreadable), late);
  EXPECT_EQ(later_text(early, late, format, unreadable), late);
  EXPECT_EQ(later_text(early, same, format, unreadable), same) << "ties go to the target";
  EXPECT_EQ(later_text("x", kNull, format, unreadable), Value("x")) << "unread";
  EXPECT_EQ(later_text(kNull, "y", format, unreadable), Value("y"));
  EXPECT_EQ(unreadable, 0u);
  EXPECT_EQ(later_text("x", "y", format, unreadable), Value("y"));
  EXPECT_EQ(unreadable, 1u) << "the target is not looked at";
  EXPECT_EQ(later_text(early, "y", format, unreadable), early);
  EXPECT_EQ(later_text("", early, format, unreadable), early);
  EXPECT_EQ(unreadable, 3u);
}

TEST(MergeValue, KeepsTheTargetsOtherValues) {
  EXPECT_EQ(kept("s", "t"), Value("t"));
  EXPECT_EQ(kept("s", kNull), Value("s"));
  EXPECT_EQ(kept("s", ValueList()), Value("s")) << "an empty collection is null";
  EXPECT_EQ(kept(kNull, "t"), Value("t"));
}

}  // namespace
}  // namespace lernd::merge_user_courses
