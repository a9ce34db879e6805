#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ports/log.h"

namespace lernd {

enum class LogFormat { text, json };

/// A log on standard error: one JSON line per event, or text for people. Lines below `least` are dropped.
std::unique_ptr<Log> make_line_log(LogLevel least, LogFormat format);

/// The level of the option `lernd.log.level`.
LogLevel log_level_named(std::string_view name);
/// The format of the option `lernd.log.format`; `auto` is text on a terminal and JSON elsewhere.
LogFormat log_format_named(std::string_view name);

/// The line of an event without its end; `when_ms` are milliseconds since the epoch.
std::string log_line(LogFormat format, LogLevel level, std::int64_t when_ms, std::string_view message, std::span<const LogField> fields);

}  // namespace lernd
