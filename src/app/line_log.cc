#include "app/line_log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>

#include "core/json.h"

namespace lernd {
namespace {

constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};

std::string time_text(std::int64_t when_ms, const char* form) {
  const std::time_t seconds = when_ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), form, &parts);
  return fmt::format("{}.{:03}", std::string_view(text.data(), size), when_ms % 1000);
}

class LineLog final : public Log {
 public:
  LineLog(LogLevel least, LogFormat format) : least_(least), format_(format), logger_("lernd", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_pattern("%v");
    logger_.flush_on(spdlog::level::trace);
  }

  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override {
    if (level < least_) return;
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    logger_.log(spdlog::level::info, "{}", log_line(format_, level, now, message, fields));
  }

 private:
  LogLevel least_;
  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_line_log(LogLevel least, LogFormat format) { return std::make_unique<LineLog>(least, format); }

LogLevel log_level_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  }
  return LogLevel::info;
}

LogFormat log_format_named(std::string_view name) {
  if (name == "auto") return ::isatty(STDERR_FILENO) != 0 ? LogFormat::text : LogFormat::json;
  return name == "text" ? LogFormat::text : LogFormat::json;
}

std::string log_line(LogFormat format, LogLevel level, std::int64_t when_ms, std::string_view message, std::span<const LogField> fields) {
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  std::string line;
  if (format == LogFormat::text) {
    line = fmt::format("{} {:7} {}", time_text(when_ms, "%H:%M:%S"), name, message);
    for (const auto& field : fields) line += fmt::format("  {}={}", field.name, field.value);
    return line;
  }
  JsonWriter json(line);
  json.open_object().name("time").text(time_text(when_ms, "%Y-%m-%dT%H:%M:%S") + "Z").name("level").text(name).name("message").text(message);
  for (const auto& field : fields) json.name(field.name).text(field.value);
  json.close_object();
  return line;
}

}  // namespace lernd
