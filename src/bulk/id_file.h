#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bulk/files.h"
#include "bulk/id_reader.h"
#include "core/error.h"

namespace lernd::bulk {

/// The cleaned ids of a run, one a line.
struct IdList {
  File file;
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string content_sha256;       ///< of an id file: of its bytes as they are
  std::optional<LineCounts> lines;  ///< of an id file
  std::vector<std::string> warnings;
};

/// An id file to be read. `option` and `column_option` are what its name and its column are called by whoever gave them; the latter may be empty.
struct IdFile {
  std::string path;  ///< `-` is standard input
  IdReader::Rules rules;
  std::string option;
  std::string column_option;
};

/// Reads an id file and puts the ids into a list without a name in `folder`.
///
/// Errors  `reject` for what the person gave (file missing or unreadable, another encoding, no id in it); `fatal` for what fails here (disk full); `retry`
///         when the stop came first; those of `reject`, which gets the lines that are no ids.
Result<IdList> read_id_file(const IdFile& from, const std::string& folder, const IdReader::Reject& reject, const std::stop_token& stop);

/// Opens a list that is there already, and counts it. Errors: `fatal`/`corrupt`, `not_found`.
Result<IdList> open_id_list(const std::string& path);

}  // namespace lernd::bulk
