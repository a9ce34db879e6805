#include "sync/log_record.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace lernd::sync {

std::string log_text(const LogRecord& record) {
  std::string response = record.response;
  std::erase_if(response, [](char c) { return c == '\n' || c == '\r'; });
  std::string text = fmt::format("\n\nRequest No : {}\nRequest : {}\nResponse : {}\nStatus : {}\nAttempts : {}\nTime : {}", record.number, record.body,
                                 response, record.status == 0 ? "-" : std::to_string(record.status), record.attempts, iso_time(record.time));
  if (!record.error.empty()) text += "\nError : " + record.error;
  return text;
}

std::string iso_time(Timestamp time) {
  const std::chrono::sys_time<std::chrono::milliseconds> point{std::chrono::milliseconds(time.ms)};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(point);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), (point - seconds).count());
}

}  // namespace lernd::sync
