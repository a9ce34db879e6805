#pragma once

#include <vector>

#include "core/ask.h"
#include "core/options.h"
#include "core/table.h"

namespace lernd::relation_cache_updater {

/// What an operator can set, resolved. Meanings, defaults and units: `option_table`.
struct Options {
  TableName hierarchies;
  CacheId relation_cache;
  CacheId unit_cache;
};

/// The job's rows of the option table. Source: relation-cache-updater.md section 7.
std::vector<Option> option_table();

Options options_from(const OptionValues& values);

}  // namespace lernd::relation_cache_updater
