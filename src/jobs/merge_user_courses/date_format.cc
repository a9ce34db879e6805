#include "jobs/merge_user_courses/date_format.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace lernd::merge_user_courses {
namespace {

constexpr std::string_view kNumbers = "yMdHmsS";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What is left to be read.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool literal(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  void blanks() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size())); }

  /// A whole number, perhaps negative, of which nothing beyond the first `width` characters counts; limited to what an int holds.
  std::optional<std::int64_t> number(std::size_t width) {
    if (width > text_.size() && width != kAll) return std::nullopt;
    const std::string_view seen = text_.substr(0, width);
    std::size_t at = seen.find_first_not_of(" \t");
    if (at == std::string_view::npos) return std::nullopt;
    const bool negative = seen[at] == '-';
    if (negative) ++at;
    const std::size_t first = at;
    std::int64_t value = 0;
    for (; at < seen.size() && is_digit(seen[at]); ++at) value = std::min(value * 10 + (seen[at] - '0'), kIntMax);
    if (at == first) return std::nullopt;
    text_.remove_prefix(at);
    return negative ? -value : value;
  }

  /// An offset from UTC in milliseconds.
  std::optional<std::int64_t> offset() {
    blanks();
    if (const auto sign = this->sign()) return hours_and_minutes(*sign, false);
    if (word("UTC")) return 0;
    if (!word("GMT")) return std::nullopt;
    const auto sign = this->sign();
    return sign ? hours_and_minutes(*sign, true) : 0;
  }

  static constexpr std::size_t kAll = std::string_view::npos;

 private:
  static constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();

  std::optional<int> sign() {
    if (literal('+')) return 1;
    if (literal('-')) return -1;
    return std::nullopt;
  }

  bool word(std::string_view upper) {
    const auto to_upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    if (text_.size() < upper.size() || !std::ranges::equal(text_.substr(0, upper.size()), upper, {}, to_upper)) return false;
    text_.remove_prefix(upper.size());
    return true;
  }

  std::optional<int> digit() {
    if (text_.empty() || !is_digit(text_.front())) return std::nullopt;
    const int digit = text_.front() - '0';
    text_.remove_prefix(1);
    return digit;
  }

  /// `hhmm`, or with a colon `h:mm` and `hh:mm`.
  std::optional<std::int64_t> hours_and_minutes(int sign, bool colon) {
    const auto first = digit();
    const auto second = digit();
    if (!first || (!second && !colon)) return std::nullopt;
    const int hours = second ? *first * 10 + *second : *first;
    if (colon && !literal(':')) return std::nullopt;
    const auto tens = digit();
    const auto ones = digit();
    if (hours > 23 || !tens || !ones || *tens > 5) return std::nullopt;
    return sign * (std::int64_t{hours} * 60 + *tens * 10 + *ones) * 60'000;
  }

  std::string_view text_;
};

/// The values of a text's fields; what a pattern leaves out is that of the epoch.
struct Fields {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t millisecond = 0;
  std::int64_t offset = 0;

  std::int64_t& of(char letter) {
    switch (letter) {
      case 'y':
        return year;
      case 'M':
        return month;
      case 'd':
        return day;
      case 'H':
        return hour;
      case 'm':
        return minute;
      case 's':
        return second;
      default:
        return millisecond;
    }
  }
};

/// Days from the epoch to the first of March of a year, in the Gregorian calendar.
std::int64_t days_to_march(std::int64_t year) {
  const auto floor = [](std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
  return 365 * year + floor(year, 4) - floor(year, 100) + floor(year, 400) - 719'468;
}

Timestamp instant(const Fields& fields) {
  // Years that far away are typing errors; the limit only keeps the sums below in their range.
  constexpr std::int64_t kYearsMax = 10'000'000;
  // Counted from March, so that the leap day is the last day of a year.
  const std::int64_t months = fields.month - 3;
  const std::int64_t carried = months / 12 - (months % 12 < 0 ? 1 : 0);
  const std::int64_t month = months - carried * 12;
  const std::int64_t year = std::clamp(fields.year, -kYearsMax, kYearsMax) + carried;
  const std::int64_t days = days_to_march(year) + (153 * month + 2) / 5 + fields.day - 1;
  const std::int64_t seconds = ((days * 24 + fields.hour) * 60 + fields.minute) * 60 + fields.second;
  return {seconds * 1000 + fields.millisecond - fields.offset};
}

}  // namespace

Result<DateFormat> DateFormat::compile(std::string_view pattern) {
  const auto refuse = [](std::string text) { return fail(Treatment::fatal, ErrorCode::invalid_option, std::move(text)); };
  DateFormat format;
  bool quoted = false;
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      const bool doubled = at + 1 < pattern.size() && pattern[at + 1] == '\'';
      if (doubled)
        format.parts_.push_back({c, 0});
      else
        quoted = !quoted;
      at += doubled ? 2 : 1;
      continue;
    }
    if (quoted || !is_letter(c)) {
      format.parts_.push_back({c, 0});
      ++at;
      continue;
    }
    const std::size_t count = std::min(pattern.find_first_not_of(c, at), pattern.size()) - at;
    if (!kNumbers.contains(c) && c != 'Z') return refuse(std::string("the letter ") + c + " of a date format is not supported");
    if (c == 'y' && count < 3) return refuse("years of two digits are not supported; write yyyy");
    if (c == 'M' && count > 2) return refuse("names of months are not supported; write MM");
    if (c != 'Z' && !format.parts_.empty()) format.parts_.back().next_is_number = true;
    format.parts_.push_back({c, count});
    at += count;
  }
  if (quoted) return refuse("a quote of the date format is not closed");
  return format;
}

std::optional<Timestamp> DateFormat::read(std::string_view text) const {
  Reader reader(text);
  Fields fields;
  for (const Part& part : parts_) {
    if (part.count == 0) {
      if (!reader.literal(part.symbol)) return std::nullopt;
      continue;
    }
    const bool zone = part.symbol == 'Z';
    const auto value = zone ? reader.offset() : reader.number(part.next_is_number ? part.count : Reader::kAll);
    if (!value) return std::nullopt;
    (zone ? fields.offset : fields.of(part.symbol)) = *value;
  }
  return instant(fields);
}

}  // namespace lernd::merge_user_courses
