#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/job_description.h"
#include "core/options.h"
#include "core/table.h"

namespace lernd::user_ownership_transfer {

/// The index of the course batches; the platform knows it under this name only.
inline constexpr std::string_view kIndex = "course-batch";

/// What an operator can set, resolved. Meanings, defaults and units: `option_table`.
struct Options {
  TableName course_batches;
  TableName users;
  std::string user_url;  ///< the id of a user is appended
  std::string search_url;
  std::size_t group_rows = 0;
  std::size_t parallelism = 0;
  bool accept_deleted_from = false;
  bool asset_filter = false;
};

/// The job's rows of the option table. Source: user-ownership-transfer.md sections 9 and 10.
std::vector<Option> option_table();

/// Services without an address.
std::vector<OptionFault> check(const OptionValues& values);

Options options_from(const OptionValues& values);

/// The services that are called, by the options that say where they are.
std::vector<ServiceUse> services(const OptionValues& values);

}  // namespace lernd::user_ownership_transfer
