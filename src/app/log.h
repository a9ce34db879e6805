#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace lernd {

enum class LogLevel { debug, info, warn, error };
enum class LogFormat { text, json };

struct LogField {
  std::string_view name;
  std::string value;
};

/// Writes events worth reading to standard error: one JSON line each, or text for people. No record, key, payload or secret ever goes in.
///
/// May be called from any thread.
class Log {
 public:
  Log(LogLevel least, LogFormat format);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// `text` is a sentence of its own; what varies stands in the fields.
  void write(LogLevel level, std::string_view text, std::initializer_list<LogField> fields = {});
  void info(std::string_view text, std::initializer_list<LogField> fields = {}) { write(LogLevel::info, text, fields); }
  void warn(std::string_view text, std::initializer_list<LogField> fields = {}) { write(LogLevel::warn, text, fields); }
  void error(std::string_view text, std::initializer_list<LogField> fields = {}) { write(LogLevel::error, text, fields); }

 private:
  struct Sink;
  LogLevel least_;
  LogFormat format_;
  std::unique_ptr<Sink> sink_;
};

LogLevel log_level_named(std::string_view name);
/// `auto` is text on a terminal and JSON elsewhere.
LogFormat log_format_named(std::string_view name);

/// The line of an event without its end; `when_ms` are milliseconds since the epoch.
std::string log_line(LogFormat format, LogLevel level, std::int64_t when_ms, std::string_view text, std::initializer_list<LogField> fields);

}  // namespace lernd
