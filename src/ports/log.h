#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace lernd {

enum class LogLevel { debug, info, warning, error };

struct LogField {
  std::string_view name;
  std::string value;
};

/// Where lines for the operator go: one message with fields, worth reading on its own. Never a payload, personal data or a secret. May be called from any
/// thread.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) = 0;
};

}  // namespace lernd
