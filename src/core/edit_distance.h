#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lernd {

/// How many letters have to be added, dropped, changed or swapped with their neighbour to make one text of the other: for the nearest known name.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The first of the names that are most like a misspelt word; empty when none is near, which is within two letters, or a quarter of those of a long word.
std::string nearest_name(std::string_view word, std::span<const std::string> names);

}  // namespace lernd
