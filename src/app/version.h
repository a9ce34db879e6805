#pragma once

namespace lernd {

/// The version of this program, as CMake knows it.
extern const char* const kVersion;

}  // namespace lernd
