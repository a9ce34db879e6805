#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/record.h"

namespace lernd::merge_user_courses {

/// Reads text dates as `SimpleDateFormat` of Java does in its lenient mode: fields out of their range roll over, blanks and tabs before a number or an offset
/// are passed over, and so is everything behind the last letter of the pattern.
///
/// Letters    `yyyy` (three or more), `M` and `MM`, `d`, `H`, `m`, `s`, `S`, `Z`; everything else that is no letter, and what stands in quotes, is a literal.
/// Zones      `+hhmm`, `-hhmm`, `GMT`, `UTC`, `GMT+h:mm`. Without `Z` a text is in UTC, so that the result does not depend on the machine.
/// Source     merge-user-courses.md section 5.1.
/// Difference the calendar is the Gregorian one at all times, and other zone names are unreadable.
class DateFormat {
 public:
  /// Error `fatal`/`invalid_option` for a pattern with other letters or an open quote.
  static Result<DateFormat> compile(std::string_view pattern);

  /// The instant; nothing when the text is unreadable.
  std::optional<Timestamp> read(std::string_view text) const;

 private:
  /// A run of one letter (`count` times), or the one character of a literal.
  struct Part {
    char symbol = 0;
    std::size_t count = 0;  ///< 0 for a literal
    bool next_is_number = false;
  };

  DateFormat() = default;

  std::vector<Part> parts_;
};

}  // namespace lernd::merge_user_courses
