#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace lernd {

/// What to tell of a command line that could not be parsed: the command, what is wrong there, and the nearest name or where to find all of them.
///
/// `program` is the one that refused the words with `error`. Of an option that nobody knows only the name is told, as what it was given may be a secret.
std::string wrong_words_text(const CLI::App& program, const CLI::ParseError& error);

}  // namespace lernd
