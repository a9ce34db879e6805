#include "bulk/progress.h"

#include <gtest/gtest.h>

namespace lernd::bulk {
namespace {

TEST(BulkProgress, Durations) {
  EXPECT_EQ(duration_text(850), "850 ms");
  EXPECT_EQ(duration_text(12'340), "12.3 s");
  EXPECT_EQ(duration_text(250'000), "4 min 10 s");
  EXPECT_EQ(duration_text(7'500'000), "2 h 5 min");
  EXPECT_EQ(duration_text(1'000'800'000), "11 d 14 h");
}

TEST(BulkProgress, SaysWhatAPersonWantsToKnow) {
  EXPECT_EQ(progress_text({.done = 50, .total = 200, .failed = 2, .per_second = 10, .waits_for = "pause", .waits_seconds = 4}, 8),
            "[##......]  25 %  50/200 ids, 10/s, 2 failed, 15 s left, pause: 4 s");
  EXPECT_EQ(progress_text({.done = 200, .total = 200, .failed = 0, .per_second = 10, .waits_for = {}, .waits_seconds = 0}, 0),
            "100 %  200/200 ids, 10/s, 0 failed");
  EXPECT_EQ(progress_text({.done = 7, .total = 0, .failed = 0, .per_second = 0, .waits_for = {}, .waits_seconds = 0}, 8), "reading ids: 7");
}

}  // namespace
}  // namespace lernd::bulk
