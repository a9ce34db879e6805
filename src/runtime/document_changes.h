#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/plan.h"
#include "ports/search_index.h"

namespace lernd {

/// Changes documents: reads them, changes what was read, and writes back what nobody else has changed meanwhile; the others are read and changed again.
///
/// Returns one error or nothing a write. When it returns, searches find what was changed, by this call or by an attempt before it. Repeating it is harmless.
/// No document stands in two of the writes.
/// Errors  those of the index; `retry`/`unavailable` for a document that somebody else changes again and again.
/// Source  user-ownership-transfer.md section 7.
std::vector<std::optional<Error>> change_documents(std::span<const DocumentWrite* const> writes, SearchIndex& index);

}  // namespace lernd
