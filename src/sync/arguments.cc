#include "sync/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sync/parameters.h"

namespace lernd::sync {
namespace {

constexpr std::string_view kFlag = "--context_param";
constexpr std::string_view kHelpHint = "`lernd sync --help` shows all parameters";
constexpr std::string_view kBlanks = " \t\r";

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool starts_without_case(std::string_view text, std::string_view start) { return equal_without_case(text.substr(0, start.size()), start); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// A word as it may be shown: a flag or a name, never what could be a value.
std::string shown_name(std::string_view word) {
  constexpr std::size_t kShown = 60;
  std::string text(word.substr(0, std::min(kShown, word.find('='))));
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.'; });
}

std::string unknown(std::string_view name, std::string_view place) {
  const auto nearest = nearest_parameter(name);
  return fmt::format("{}unknown parameter `{}`; {}", place, shown_name(name),
                     nearest.empty() ? std::string(kHelpHint) : fmt::format("did you mean `{}`?", nearest));
}

/// Takes `NAME=VALUE`; a fault says what is wrong with it, without the value.
void take(std::string_view pair, std::string_view place, Settings& settings, std::vector<std::string>& faults) {
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos) {
    faults.push_back(find_parameter(pair) != nullptr ? fmt::format("{}`{}` has no value; write {}=VALUE", place, pair, pair)
                                                     : fmt::format("{}NAME=VALUE is missing; {}", place, kHelpHint));
    return;
  }
  const auto name = trimmed(pair.substr(0, equals));
  const auto value = pair.substr(equals + 1);
  if (find_parameter(name) == nullptr) {
    faults.push_back(unknown(name, place));
    return;
  }
  settings[std::string(name)] = value == "\"\"" ? std::string_view() : value;
}

}  // namespace

Arguments read_arguments(std::span<const std::string_view> words) {
  Arguments out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = words[i];
    if (equal_without_case(word, kFlag)) {
      if (i + 1 == words.size()) {
        out.faults.push_back(fmt::format("{}: NAME=VALUE is missing behind it; {}", kFlag, kHelpHint));
      } else {
        take(words[++i], fmt::format("{}: ", kFlag), out.settings, out.faults);
      }
    } else if (word.size() > kFlag.size() && word[kFlag.size()] == '=' && starts_without_case(word, kFlag)) {
      take(word.substr(kFlag.size() + 1), fmt::format("{}: ", kFlag), out.settings, out.faults);
    } else if (starts_without_case(word, "--context=")) {
      continue;
    } else if (word == "--config" || word.starts_with("--config=")) {
      if (word == "--config" && i + 1 == words.size()) {
        out.faults.emplace_back("--config: the file is missing behind it");
      } else {
        out.config_file = word == "--config" ? words[++i] : word.substr(std::strlen("--config="));
        if (out.config_file.empty()) out.faults.emplace_back("--config: the file is missing behind it");
      }
    } else if (word == "--help" || word == "-h") {
      out.help = true;
    } else if (word == "--version") {
      out.version = true;
    } else if (word == "--parameters-markdown") {
      out.parameters_markdown = true;
    } else if (find_parameter(word.substr(0, word.find('='))) != nullptr) {
      out.faults.push_back(fmt::format("`{}` stands alone; write --context_param {}=VALUE", shown_name(word), shown_name(word)));
    } else if (word.starts_with("--") && is_word(word.substr(0, word.find('=')))) {
      out.faults.push_back(fmt::format("unknown option `{}`; parameters are given as --context_param NAME=VALUE", shown_name(word)));
    } else {
      out.faults.push_back(fmt::format("argument {} is not understood; parameters are given as --context_param NAME=VALUE", i + 1));
    }
  }
  return out;
}

Settings read_config_lines(std::string_view text, const std::string& file, std::vector<std::string>& faults) {
  Settings settings;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    const auto equals = line.find('=');
    const auto place = fmt::format("{} line {}: ", file, number);
    if (equals == std::string_view::npos) {
      take(find_parameter(line) != nullptr ? line : std::string_view(), place, settings, faults);
    } else {
      take(std::string(line.substr(0, equals)) + "=" + std::string(trimmed(line.substr(equals + 1))), place, settings, faults);
    }
  }
  return settings;
}

Settings read_environment(const std::function<std::optional<std::string>(const std::string&)>& environment) {
  Settings settings;
  for (const Parameter& parameter : parameters()) {
    if (auto value = environment(environment_name(parameter.name))) settings[std::string(parameter.name)] = *value == "\"\"" ? "" : *value;
  }
  return settings;
}

void overwrite_secrets(std::span<char*> words) {
  for (char* word : words) {
    char* pair = word;
    if (starts_without_case(word, kFlag) && word[kFlag.size()] == '=') pair += kFlag.size() + 1;
    char* equals = std::strchr(pair, '=');
    if (equals == nullptr) continue;
    const auto* parameter = find_parameter(trimmed(std::string_view(pair, static_cast<std::size_t>(equals - pair))));
    if (parameter == nullptr) continue;
    char* value = equals + 1;
    if (parameter->kind == Kind::secret) {
      std::memset(value, '*', std::strlen(value));
    } else if (parameter->kind == Kind::url) {
      char* host = std::strstr(value, "://");
      char* at = host == nullptr ? nullptr : std::strchr(host, '@');
      if (at != nullptr) std::memset(host + 3, '*', static_cast<std::size_t>(at - host - 3));
    }
  }
}

}  // namespace lernd::sync
