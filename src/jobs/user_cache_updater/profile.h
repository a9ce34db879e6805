#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "jobs/user_cache_updater/options.h"

namespace lernd::user_cache_updater {

/// Fields of an entry of the user cache, by name.
using Fields = std::map<std::string, std::string>;

/// What the name of every field of a framework contains, with the layout `categories`.
inline constexpr std::string_view kFrameworkField = "framework_";

/// The framework of a profile; empty when it has none. One that is a single text counts as a list of it.
std::string framework_id(JsonView profile);

/// The fields that a profile gives. `categories` are the codes of its framework's categories; with the layout `bmgs` they play no part.
///
/// What is missing, null or of another type counts as absent. A location of a type that another field is called by gives way to that field, except to those of
/// the framework.
/// Reference  user-cache-updater-2.0, UserMetadataUpdater.getRegisteredUserInfo.
/// Difference locations without a type are left out; missing parts are no error.
Fields fields_of_profile(JsonView profile, Layout layout, const std::vector<std::string>& categories);

}  // namespace lernd::user_cache_updater
