#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace lernd::user_cache_updater {

/// How values stand in the fields of the cache. Source: user-cache-updater.md section 5.6.

/// A text: `[` and `]` get a backslash in front, so that readers do not take it for a list.
std::string plain_text(std::string_view text);

/// A number as the Flink job writes it: `1.0`, `0.5`, `1.0E7`.
std::string floating_text(double number);

/// A text as it is, a number in floating notation, `true` or `false`; nothing for anything else.
std::optional<std::string> scalar_text(JsonView value);

/// The elements of a list, of a single text that stands for one; nothing for anything else.
std::optional<std::vector<JsonView>> elements_of(JsonView value);

/// A list as compact JSON. Scalars become texts, nulls stay, objects and lists in it are left out. Characters that mean something in HTML are escaped.
std::string list_text(const std::vector<JsonView>& elements);

/// Objects of texts as compact JSON with the same escapes, members named `subType` and `type` first; nulls stay.
std::string objects_text(const std::vector<JsonView>& elements);

}  // namespace lernd::user_cache_updater
