#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

namespace lernd {

/// The MD5 digest of a text in upper-case hexadecimal digits: a name that other programs give to the same text, nothing that protects it.
///
/// Errors `fatal`/`internal` where the system's libcrypto is set up without MD5.
Result<std::string> md5_hex(std::string_view text);

}  // namespace lernd
