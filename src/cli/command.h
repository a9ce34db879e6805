#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>

namespace lernd {

/// What the program tells its caller. Source: design.md section 6.
enum class Exit {
  done = 0,
  failed = 1,         ///< work was done and some of it failed
  usage = 2,          ///< wrong command line or configuration; nothing was done
  stopped_early = 3,  ///< stopped before the work in hand was finished
};

/// Set by the parsing to the command that was named.
using Action = std::function<Exit()>;

// Each adds its command to the program and lets `chosen` be it when it was named. One file each.
void add_run(CLI::App& program, Action& chosen);
void add_validate(CLI::App& program, Action& chosen);
void add_plan(CLI::App& program, Action& chosen);
void add_schema(CLI::App& program, Action& chosen);
void add_demo(CLI::App& program, Action& chosen);
void add_test(CLI::App& program, Action& chosen);
void add_options(CLI::App& program, Action& chosen);
void add_cache(CLI::App& program, Action& chosen);

// The commands below `cache`.
void add_cache_rebuild(CLI::App& cache, Action& chosen);
void add_cache_check(CLI::App& cache, Action& chosen);

/// Lists `lernd sync` among the commands.
void add_sync(CLI::App& program);
/// Runs `lernd sync` with the words behind it, and overwrites the secrets among them. The exit code of the process.
int sync_main(std::span<char*> words);

}  // namespace lernd
