#pragma once

#include <string_view>

#include "app/fault.h"
#include "app/job_setup.h"
#include "app/services.h"

namespace lernd {

/// What is not as a job needs it: `faults` have to be mended by somebody, `away` may pass.
struct Findings {
  Faults faults;
  Faults away;
};

/// Looks at everything the job needs of its services: that they answer, that topics and search indices are there, that tables and columns fit,
/// the journal's too.
///
/// `with_http` asks the HTTP services as well, which the job needs only now and then. A service with a faulty option is not looked at: it is not the one meant.
Findings check_services(const JobSetup& setup, Services& services, bool with_http);

/// What is wrong with a table as the store has it. `found` is null when there is none. `remedy` is for a table that is missing.
Faults check_table(const TableUse& use, const TableSchema* found, const std::string& remedy);

/// Whether two CQL types are the same, in whatever spelling: blanks, `varchar` for `text`, `frozen<…>`.
bool same_type(std::string_view a, std::string_view b);

}  // namespace lernd
