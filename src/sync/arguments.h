#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lernd::sync {

/// Values by parameter name. Of a name given twice the last value counts.
using Settings = std::map<std::string, std::string, std::less<>>;

/// What stands on the command line.
struct Arguments {
  Settings settings;
  std::string config_file;  ///< empty: none
  bool help = false;
  bool version = false;
  bool parameters_markdown = false;  ///< prints the table of docs/sync.md
  std::vector<std::string> faults;   ///< what is wrong, each with its remedy; never quotes a value
};

/// Reads the words behind `lernd sync`: `--context_param NAME=VALUE` or `--context_param=NAME=VALUE` (the flag without regard to case), `--context=ANY`
/// (ignored), `--config FILE`, `--help`, `--version`. Values are literal; exactly two double quotes are the empty text. Pure.
///
/// Source: sync.md section 1. Difference from the Talend launcher: unknown names are faults, and backslashes are left alone.
Arguments read_arguments(std::span<const std::string_view> words);

/// Reads a file of `NAME=VALUE` lines; `#` begins a comment line, blanks around names and values do not count. `faults` name `file` and the line.
Settings read_config_lines(std::string_view text, const std::string& file, std::vector<std::string>& faults);

/// The values that the environment holds.
Settings read_environment(const std::function<std::optional<std::string>(const std::string&)>& environment);

/// Overwrites the secrets in the words behind `lernd sync`, so that process lists no longer show them. Key, password, and a password inside the endpoint.
void overwrite_secrets(std::span<char*> words);

}  // namespace lernd::sync
