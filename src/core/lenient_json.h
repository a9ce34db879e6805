#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lernd {

/// JSON as lenient readers take it, brought into the strict form that the parser library takes; nothing when there is nothing to mend.
///
/// In strings: a backslash before a character that has no escape is dropped, and half a surrogate pair becomes U+FFFD. Numbers: an integer beyond 64 bits gets
/// a point, one beyond the floating range becomes the largest of its sign. All else is left as it is, so that what is no JSON stays none.
/// Reference: Gson's lenient reading as the Flink jobs use it; enrolment-reconciliation.md section 2.
std::optional<std::string> strict_json(std::string_view lenient);

/// The object or list that a text begins with, and what is in front of it; the whole text where it begins with neither, or where that does not end.
std::string_view first_value(std::string_view text);

}  // namespace lernd
