#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lernd::sync {

/// What the value of a parameter must look like.
enum class Kind : std::uint8_t { text, secret, identifier, url, path, integer, boolean, choice, regex };

/// A parameter of `lernd sync`. The table of them is the one source for checks, defaults, `--help` and docs/sync.md.
struct Parameter {
  std::string_view name;
  std::string_view group;
  Kind kind = Kind::text;
  std::string_view value;  ///< the default as a person would write it
  std::string_view meaning;
  std::int64_t least = 0;  ///< of an integer
  std::int64_t most = 0;
  std::string_view choices = {};  ///< separated by blanks; `empty` stands for the empty text
};

/// All parameters, in the order of the help. Source: sync.md section 2.
std::span<const Parameter> parameters();

/// The parameter with this name, or null.
const Parameter* find_parameter(std::string_view name);

/// The known name that is closest to a misspelt one, or nothing when none is near.
std::string_view nearest_parameter(std::string_view name);

/// The environment variable of a parameter: its name in upper case.
std::string environment_name(std::string_view name);

/// The table of parameters as docs/sync.md has it.
std::string parameters_markdown();

}  // namespace lernd::sync
