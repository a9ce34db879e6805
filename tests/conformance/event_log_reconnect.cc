// For logs behind a broker: it went away and came back.
#include "conformance/event_log_suite.h"

namespace lernd {
namespace {

TEST_P(EventLogSuite, TheLogFindsItsBrokerAgain) {
  const std::string input = new_topic(1);
  const std::string out = new_topic(1);
  produce(input, 0, numbered("v", 3));
  const auto log = join(input);
  Collected collected = take(*log, 3);
  ASSERT_NO_FATAL_FAILURE(backend_->restart());
  const std::vector<OutputRecord> outputs = {output(out, "after")};
  const std::vector<Position> positions = {behind(input, 0, collected.records.at(0)[1])};
  // What fails until the connection is back must say that it may pass; when the partition went in between, nothing is left to commit.
  Result<void> committed;
  ASSERT_TRUE(eventually(
      [&] {
        poll(*log, collected, {.wait = std::chrono::milliseconds(50)});
        committed = log->commit(outputs, positions);
        EXPECT_TRUE(committed || failed(committed, Treatment::retry));
        return committed.has_value() || HasFailure();
      },
      std::chrono::minutes(2)));
  EXPECT_EQ(all_values(out), (std::vector<std::string>{"after"}));
  ASSERT_TRUE(eventually([&] { return admin_->produce(std::vector<OutputRecord>{output(input, "later")}, 0).has_value(); }));
  poll_until(*log, collected, [&] { return !collected.values(0).empty() && collected.values(0).back() == "later"; });
}

}  // namespace
}  // namespace lernd
