#pragma once

#include <string>

namespace lernd {

/// The reference of all options, as `docs/configuration.md` holds it. Made from the option tables; the same for the same program.
std::string option_docs_markdown();

/// The options of one job for a terminal, one paragraph each. Empty when there is no such job.
std::string option_docs_text(const std::string& job);

}  // namespace lernd
