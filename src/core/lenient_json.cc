#include "core/lenient_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace lernd {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t end_of_digits(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

/// A number as JSON spells it: `-`, whole part, fraction without its point, exponent without its letter and plus sign.
struct Number {
  std::string_view all;
  std::string_view whole;
  std::string_view fraction;
  std::string_view exponent;
};

std::optional<Number> number_at(std::string_view text) {
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  std::size_t end = end_of_digits(text, start);
  Number number{.whole = text.substr(start, end - start)};
  if (number.whole.empty() || (number.whole.size() > 1 && number.whole.front() == '0')) return std::nullopt;
  if (end < text.size() && text[end] == '.') {
    const std::size_t from = end + 1;
    end = end_of_digits(text, from);
    number.fraction = text.substr(from, end - from);
    if (number.fraction.empty()) return std::nullopt;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t from = end + 1;
    if (from < text.size() && text[from] == '+') ++from;
    const std::size_t digits = from < text.size() && text[from] == '-' && text[from - 1] != '+' ? from + 1 : from;
    end = end_of_digits(text, digits);
    if (end == digits) return std::nullopt;
    number.exponent = text.substr(from, end - from);
  }
  number.all = text.substr(0, end);
  return number;
}

/// Whether a number outside the floating range is too large, not too small, for it.
bool is_large(const Number& number) {
  std::int64_t exponent = 0;
  const auto parsed = std::from_chars(number.exponent.data(), number.exponent.data() + number.exponent.size(), exponent);
  if (parsed.ec == std::errc::result_out_of_range) return !number.exponent.starts_with('-');
  if (const auto first = number.whole.find_first_not_of('0'); first != std::string_view::npos) {
    return exponent > -static_cast<std::int64_t>(number.whole.size() - first);
  }
  return exponent > static_cast<std::int64_t>(number.fraction.find_first_not_of('0'));
}

/// The library's reading of an integer: 64 bits with a sign, or without one.
bool fits_64_bits(const Number& number) {
  const char* const first = number.all.data();
  const char* const last = first + number.all.size();
  std::int64_t with_sign = 0;
  std::uint64_t without = 0;
  return std::from_chars(first, last, with_sign).ec == std::errc() || std::from_chars(first, last, without).ec == std::errc();
}

class Mender {
 public:
  explicit Mender(std::string_view text) : text_(text) { plain_.reserve(text.size()); }

  std::optional<std::string> mend() {
    while (at_ < text_.size() && !hopeless_) {
      const char c = text_[at_];
      if (c == '"') {
        string();
      } else if (c == '-' || is_digit(c)) {
        number();
      } else {
        copy(1);
      }
    }
    if (!changed_ || hopeless_) return std::nullopt;
    return std::move(plain_);
  }

 private:
  void copy(std::size_t count) {
    plain_ += text_.substr(at_, count);
    at_ += std::min(count, text_.size() - at_);
  }

  void replace(std::size_t count, std::string_view by) {
    plain_ += by;
    at_ += count;
    changed_ = true;
  }

  void string() {
    copy(1);
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        escape(text_[at_ + 1]);
      } else {
        copy(1);
      }
    }
    copy(1);
  }

  void escape(char c) {
    if (c == 'u') {
      code_unit();
    } else if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
      copy(2);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      replace(2, fmt::format("\\u{:04x}", static_cast<unsigned>(c)));
    } else {
      replace(2, std::string_view(&c, 1));
    }
  }

  /// The UTF-16 code unit of the `\uXXXX` that starts `offset` bytes on.
  std::optional<unsigned> unit_at(std::size_t offset) const {
    const std::string_view escape = text_.substr(std::min(at_ + offset, text_.size()), 6);
    if (escape.size() < 6 || !escape.starts_with("\\u")) return std::nullopt;
    unsigned unit = 0;
    const auto end = std::from_chars(escape.data() + 2, escape.data() + 6, unit, 16);
    if (end.ec != std::errc() || end.ptr != escape.data() + 6) return std::nullopt;
    return unit;
  }

  void code_unit() {
    const auto unit = unit_at(0);
    if (!unit) {
      // Dropping a backslash behind it could make an escape of it.
      hopeless_ = true;
      return copy(2);
    }
    const bool high = *unit >= 0xd800 && *unit < 0xdc00;
    const bool low = *unit >= 0xdc00 && *unit < 0xe000;
    const unsigned next = high ? unit_at(6).value_or(0) : 0;
    if (high && next >= 0xdc00 && next < 0xe000) {
      copy(12);
    } else if (high || low) {
      replace(6, "\\ufffd");
    } else {
      copy(6);
    }
  }

  void number() {
    const auto number = number_at(text_.substr(at_));
    if (!number) return copy(std::max<std::size_t>(1, end_of_digits(text_, at_) - at_));
    double value = 0;
    const auto read = std::from_chars(number->all.data(), number->all.data() + number->all.size(), value);
    if (read.ec == std::errc::result_out_of_range && is_large(*number)) {
      replace(number->all.size(), fmt::format("{}", number->all.front() == '-' ? std::numeric_limits<double>::lowest() : std::numeric_limits<double>::max()));
    } else if (number->fraction.empty() && number->exponent.empty() && !fits_64_bits(*number)) {
      plain_ += number->all;
      replace(number->all.size(), ".0");
    } else {
      copy(number->all.size());
    }
  }

  std::string_view text_;
  std::string plain_;
  std::size_t at_ = 0;
  bool changed_ = false;
  bool hopeless_ = false;  ///< no JSON, whatever is mended
};

}  // namespace

std::optional<std::string> strict_json(std::string_view lenient) { return Mender(lenient).mend(); }

std::string_view first_value(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (depth == 0) {
      // In front there may be blanks and a byte order mark.
      if (std::string_view(" \t\r\n\xef\xbb\xbf").find(c) == std::string_view::npos) return text;
    } else if (c == '"') {
      in_string = true;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return text.substr(0, i + 1);
    }
  }
  return text;
}

}  // namespace lernd
