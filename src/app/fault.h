#pragma once

#include <string>
#include <vector>

namespace lernd {

/// Something an operator has to mend: where it is (`job.conf:12`, an option, a service), what is wrong, and what to do. Never holds a secret.
struct Fault {
  std::string where;
  std::string what;
  std::string remedy;

  /// One line: `where: what; remedy`.
  std::string text() const;
  bool operator==(const Fault&) const = default;
};

using Faults = std::vector<Fault>;

}  // namespace lernd
