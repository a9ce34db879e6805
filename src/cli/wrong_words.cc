#include "cli/wrong_words.h"

#include <fmt/format.h>

#include <span>
#include <vector>

#include "core/edit_distance.h"

namespace lernd {
namespace {

/// The command of the words, from the program down: `lernd`, `cache`, `rebuild`.
std::vector<const CLI::App*> path_of(const CLI::App& program) {
  std::vector<const CLI::App*> path{&program};
  for (auto below = path.back()->get_subcommands(); !below.empty(); below = path.back()->get_subcommands()) path.push_back(below.front());
  return path;
}

std::string name_of(std::span<const CLI::App* const> path) {
  std::string name;
  for (const CLI::App* command : path) name += (name.empty() ? "" : " ") + command->get_name();
  return name;
}

std::vector<std::string> commands_below(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; })) names.push_back(below->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The name of an option, without what it was given: `--rate=5`, `-r5`.
std::string option_name(const std::string& word) {
  constexpr std::size_t kShort = 2;
  return word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, kShort);
}

std::string unknown_text(std::span<const CLI::App* const> path, const std::string& word) {
  const CLI::App& command = *path.back();
  const bool option = word.starts_with('-') && word.size() > 1;
  const auto below = commands_below(command);
  const auto near = nearest_name(option ? option_name(word) : word, option ? options_of(command) : below);
  const auto remedy = near.empty() ? fmt::format("`{} --help` lists all", name_of(path)) : fmt::format("did you mean {}?", near);
  if (option) return fmt::format("there is no option {}; {}", option_name(word), remedy);
  if (below.empty()) return fmt::format("{} stands behind no option; `{} --help` says more", word, name_of(path));
  return fmt::format("there is no command {}; {}", word, remedy);
}

}  // namespace

std::string wrong_words_text(const CLI::App& program, const CLI::ParseError& error) {
  const auto whole = path_of(program);
  for (std::size_t depth = 1; depth <= whole.size(); ++depth) {
    const auto path = std::span(whole).first(depth);
    // A word that nobody knows is what is wrong, whatever else follows from it.
    for (const std::string& word : path.back()->remaining()) {
      if (word != "--") return fmt::format("{}: {}", name_of(path), unknown_text(path, word));
    }
  }
  const auto name = name_of(whole);
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && whole.back()->get_require_subcommand_min() > 0) {
    return fmt::format("{}: a command is missing: {}", name, fmt::join(commands_below(*whole.back()), ", "));
  }
  return fmt::format("{}: {}; `{} --help` says more", name, error.what(), name);
}

}  // namespace lernd
