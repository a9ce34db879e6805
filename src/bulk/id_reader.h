#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bulk/id_set.h"
#include "core/error.h"

namespace re2 {
class RE2;
}

namespace lernd::bulk {

/// How many lines of an id file there were, and what became of them; the others were taken.
struct LineCounts {
  std::int64_t read = 0;
  std::int64_t blank = 0;
  std::int64_t header = 0;
  std::int64_t duplicate = 0;
  std::int64_t invalid = 0;
  bool operator==(const LineCounts&) const = default;
};

/// Why a text is no id: `utf8`, `control`, `space`, `length` or `pattern`; nothing for one that is. Source: sync.md section 3.1.
std::string_view fault_of_id(std::string_view id, const re2::RE2* pattern);

/// Which lines may be JSON objects instead of plain ids.
struct ObjectLines {
  bool allowed = false;
  bool required = false;                   ///< a plain id is then a fault of the whole file
  std::string member = {};                 ///< must be there and be an id
  std::vector<std::string> optional = {};  ///< must be ids where they are there
  std::string why_required = {};           ///< ends a message: `type user_course wants one JSON object a line`
};

/// Takes the ids out of an id file, piece by piece, however large it is.
///
/// Memory: one line (what is longer than 1 MiB is rejected), and the set of ids seen when `dedupe` is on.
/// Errors  `reject`/`malformed_record` for a file that is no id file: UTF-16, a zero byte, a plain id where objects are required. Texts name the line.
/// Source  sync.md section 3.1.
class IdReader {
 public:
  struct Rules {
    ObjectLines objects = {};
    std::size_t column = 1;
    std::string pattern = {};
    bool dedupe = true;
  };
  /// Gets a line of the id list: a plain id, or an object in compact JSON.
  using Accept = std::function<Result<void>(std::string_view line)>;
  /// Gets a line that is no id: its number from 1, the reason (those of `fault_of_id`, `quote`, `json`), its value.
  using Reject = std::function<Result<void>(std::int64_t number, std::string_view reason, std::string_view value)>;

  IdReader(Rules rules, Accept accept, Reject reject);
  ~IdReader();

  Result<void> feed(std::string_view bytes);
  /// The file is over.
  Result<void> finish();

  const LineCounts& counts() const { return counts_; }
  /// Whether a line had more columns than the one that is taken.
  bool other_columns() const { return other_columns_; }

 private:
  Result<void> begin(std::string_view& bytes);
  Result<void> take_line(std::string_view line);
  Result<void> take_object(std::string_view line);
  Result<void> take_id(std::string_view id);
  Result<void> reject(std::string_view reason, std::string_view value);
  Result<void> accept(std::string_view line);

  const Rules rules_;
  const Accept accept_;
  const Reject reject_;
  const std::unique_ptr<re2::RE2> pattern_;
  IdSet seen_;
  LineCounts counts_;
  std::string rest_;   ///< of a line that is not over yet
  std::string field_;  ///< of a quoted value
  bool begun_ = false;
  bool overlong_ = false;
  bool other_columns_ = false;
};

}  // namespace lernd::bulk
