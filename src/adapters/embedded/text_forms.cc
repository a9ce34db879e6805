#include "adapters/embedded/text_forms.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "core/plan_json.h"

namespace lernd::embedded {
namespace {

constexpr std::size_t kIsoSize = std::string_view("2023-07-22T04:26:40.000Z").size();
/// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
constexpr std::int64_t kIsoFirst = -62167219200000;
constexpr std::int64_t kIsoLast = 253402300799999;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, number);
  if (error != std::errc{} || end != text.data() + at + count || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Timestamp> from_iso_text(std::string_view text) {
  if (text.size() != kIsoSize) return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2), ms = digits(text, 20, 3);
  if (!year || !month || !day || !hour || !minute || !second || !ms) return std::nullopt;
  const auto date =
      std::chrono::year_month_day(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)), std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  const auto seconds =
      std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  const Timestamp time{std::chrono::duration_cast<std::chrono::milliseconds>(seconds).count() + *ms};
  if (iso_text(time) != text) return std::nullopt;  // the separators, and hours above 23
  return time;
}

bool has_iso_text(Timestamp time) { return time.ms >= kIsoFirst && time.ms <= kIsoLast; }

std::string hexadecimal(std::string_view bytes) {
  std::string text = "0x";
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::optional<std::string> from_hexadecimal(std::string_view text) {
  if (!text.starts_with("0x") || text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 2; i < text.size(); i += 2) {
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc{} || end != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace lernd::embedded
