#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "app/cache_tool/user_source.h"
#include "app/cache_tool/world.h"
#include "app/job_setup.h"
#include "cli/command.h"

namespace lernd {

/// What the commands of the user cache have in common.
struct CacheArguments {
  JobArguments job;
  cache_tool::UserSource source;
  std::string table = source.table.text();
  std::int64_t in_flight = 0;  ///< 0: as configured
  std::int64_t wait_max_s = 0;
  std::string progress = "auto";
};

void add_cache_options(CLI::App& command, CacheArguments& arguments);

/// Sets the world of a command up, and runs it there. `work` gets what to print lines with, and how the command ended is its answer.
///
/// `name` stands before the lines for the person: `cache check`.
Exit run_cache_tool(const std::string& name, CacheArguments arguments,
                    const std::function<cache_tool::End(const cache_tool::UserSource&, const cache_tool::World&)>& work);

}  // namespace lernd
