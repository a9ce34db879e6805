#include "app/log.h"

#include <fmt/chrono.h>
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

constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warn", "error"};

std::string time_text(std::int64_t when_ms, const char* form) {
  const std::time_t seconds = when_ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), form, &parts);
  return fmt::format("{}.{:03}", std::string_view(text.data(), size), when_ms % 1000);
}

}  // namespace

struct Log::Sink {
  spdlog::logger logger;
};

Log::Log(LogLevel least, LogFormat format)
    : least_(least), format_(format), sink_(std::make_unique<Sink>(Sink{spdlog::logger("lernd", std::make_shared<spdlog::sinks::stderr_sink_mt>())})) {
  sink_->logger.set_pattern("%v");
  sink_->logger.flush_on(spdlog::level::trace);
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view text, std::initializer_list<LogField> fields) {
  if (level < least_) return;
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  sink_->logger.log(spdlog::level::info, "{}", log_line(format_, level, now, text, fields));
}

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

std::string log_line(LogFormat format, LogLevel level, std::int64_t when_ms, std::string_view text, std::initializer_list<LogField> fields) {
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  std::string line;
  if (format == LogFormat::text) {
    line = fmt::format("{} {:5} {}", time_text(when_ms, "%H:%M:%S"), name, text);
    for (const auto& field : fields) line += fmt::format("  {}={}", field.name, field.value);
    return line;
  }
  JsonWriter json(line);
  json.open_object().name("time").text(time_text(when_ms, "%Y-%m-%dT%H:%M:%S") + "Z").name("level").text(name).name("message").text(text);
  for (const auto& field : fields) json.name(field.name).text(field.value);
  json.close_object();
  return line;
}

}  // namespace lernd
