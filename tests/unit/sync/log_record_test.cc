#include "sync/log_record.h"

#include <gtest/gtest.h>

namespace lernd::sync {
namespace {

TEST(SyncLogRecord, KeepsTheLayoutOfTheReference) {
  const LogRecord record{.number = 7, .body = "{\"a\":1}", .response = "{\r\n\"b\"\n:2}", .status = 200, .attempts = 2, .time = {1'700'000'000'123}};
  EXPECT_EQ(log_text(record), "\n\nRequest No : 7\nRequest : {\"a\":1}\nResponse : {\"b\":2}\nStatus : 200\nAttempts : 2\nTime : 2023-11-14T22:13:20.123Z");
}

TEST(SyncLogRecord, AFailureHasItsError) {
  const LogRecord record{.number = 1, .body = "{}", .attempts = 1, .time = {0}, .error = "retryable: no connection"};
  EXPECT_EQ(log_text(record),
            "\n\nRequest No : 1\nRequest : {}\nResponse : \nStatus : -\nAttempts : 1\nTime : 1970-01-01T00:00:00.000Z\nError : retryable: no connection");
}

}  // namespace
}  // namespace lernd::sync
