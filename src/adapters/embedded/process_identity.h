#pragma once

#include <string>
#include <string_view>

namespace lernd::embedded {

/// This process, as text that no other process of the machine has: name space of process ids, process id, start time.
std::string own_process();

/// Whether the process that `identity` (from `own_process`) stands for has ended. False when that cannot be told from here: another name space of process ids,
/// or a text of another form.
bool has_ended(std::string_view identity);

}  // namespace lernd::embedded
