#pragma once

#include <string>

namespace lernd {

/// The reference of all options of all jobs, as `docs/configuration.md` holds it. Made from the option tables; the same for the same program.
std::string option_docs_markdown();

/// The options that have a meaning when this job runs, for a terminal. Empty when there is no such job.
std::string option_docs_text(const std::string& job);

}  // namespace lernd
