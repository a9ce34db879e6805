#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/record.h"

namespace lernd::embedded {

/// The inverse of `iso_text`: `2023-07-22T04:26:40.000Z` and nothing else.
std::optional<Timestamp> from_iso_text(std::string_view text);

/// Whether the time is in the years 0 to 9999. Beyond, the order of the texts is not that of the times.
bool has_iso_text(Timestamp time);

/// Bytes as CQL writes them: `0x00ff`.
std::string hexadecimal(std::string_view bytes);
std::optional<std::string> from_hexadecimal(std::string_view text);

}  // namespace lernd::embedded
