#pragma once

#include <string>

namespace lernd::sync {

/// What `lernd sync --help` prints: the two documented commands, and the parameters by group.
std::string help_text();

}  // namespace lernd::sync
