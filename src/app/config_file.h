#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/error.h"

namespace lernd {

/// Where a value was written: `job.conf:12`, or what else set it.
struct ConfigValue {
  std::string text;
  std::string where;
};

/// A configuration file as dotted keys: `kafka { groupId = "g" }` is `kafka.groupId` → `g`. Members of a list are joined by commas; null counts as not set.
struct ConfigFile {
  std::string path;
  std::map<std::string, ConfigValue, std::less<>> values;
};

/// Reads HOCON (and so JSON): includes, substitutions, comments. The name of an included file is relative to the file that includes it; substitutions are
/// looked up from the root.
///
/// Errors     `fatal`/`not_found` for a file that is not there, an included one too; `fatal`/`invalid_option` for text that cannot be read. Both name the file
/// and line. Reference  the Flink jobs' `--config.file.path`. Difference: the reference passes over a missing include in silence.
Result<ConfigFile> read_config_file(const std::string& path);

/// The same of a text; `name` stands for the file in messages, includes are relative to the working directory.
Result<ConfigFile> read_config_text(std::string_view text, const std::string& name);

}  // namespace lernd
