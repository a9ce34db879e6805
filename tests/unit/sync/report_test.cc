#include "sync/report.h"

#include <gtest/gtest.h>

#include "core/json.h"
#include "sync/wait_board.h"

namespace lernd::sync {
namespace {

Report sample() {
  Report report{
      .status = Status::stopped, .exit_code = 3, .object_type = "user", .endpoint = "http://***@h", .source = "a\"b", .operation_type = "", .resumed = true};
  report.totals.ids = 10;
  report.totals.done_before = 1;
  report.totals.accepted = 2;
  report.totals.failed = 3;
  report.totals.errors["fatal"]["401"] = 1;
  report.files["success log"] = "/x";
  return report;
}

TEST(SyncReport, IsJsonWhoseNumbersAddUp) {
  const auto document = JsonDocument::parse(report_json(sample()));
  ASSERT_TRUE(document);
  const auto ids = *document->root().find("ids");
  EXPECT_EQ(ids.find("not_attempted")->integer(), 4);
  EXPECT_EQ(document->root().find("source")->text(), "a\"b");
  EXPECT_EQ(document->root().find("errors")->find("fatal")->find("401")->integer(), 1);
  EXPECT_FALSE(document->root().find("lines"));
  auto report = sample();
  report.lines = bulk::LineCounts{.read = 7, .blank = 1};
  EXPECT_TRUE(report_json(report).contains(R"("lines":{"read":7,"blank":1,"header":0,"duplicate":0,"invalid":0})"));
}

TEST(SyncReport, TheTableNamesTheLogs) {
  const auto text = report_text(sample());
  for (const char* part : {"stopped", "accepted        2\n", "failed          3\n", "/x", "1 times 401"}) EXPECT_TRUE(text.contains(part)) << text;
}

TEST(SyncWaitBoard, ShowsAWaitWhenAllWait) {
  WaitBoard board(2);
  EXPECT_FALSE(board.shown());
  board.set(0, WaitBoard::Wait{"pause", bulk::Time(std::chrono::seconds(9))});
  EXPECT_FALSE(board.shown());
  board.set(1, WaitBoard::Wait{"retry", bulk::Time(std::chrono::seconds(5))});
  EXPECT_EQ(board.shown()->what, "retry");
  board.set(1, std::nullopt);
  EXPECT_FALSE(board.shown());
}

}  // namespace
}  // namespace lernd::sync
