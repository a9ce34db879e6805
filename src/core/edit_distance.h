#pragma once

#include <cstddef>
#include <string_view>

namespace lernd {

/// How many letters have to be added, dropped, changed or swapped with their neighbour to make one text of the other: for the nearest known name.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace lernd
