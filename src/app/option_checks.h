#pragma once

#include <optional>
#include <string>

#include "app/fault.h"
#include "core/options.h"

namespace lernd {

/// What is wrong with a value, or nothing. Brings the value into the one form its type has (`yes` → `true`, blanks dropped).
///
/// `where` says in the fault where the value was set.
std::optional<Fault> check_value(const Option& option, std::string& value, const std::string& where);

}  // namespace lernd
