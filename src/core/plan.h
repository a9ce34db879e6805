#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/ask.h"
#include "core/document.h"
#include "core/record.h"

namespace lernd {

/// One column of a row write. `merge` adds the entries of a map and leaves its other entries; `replace` sets the cell as a whole, null deletes it.
struct Assignment {
  enum class Mode { replace, merge };
  std::string column;
  Value value;
  Mode mode = Mode::replace;
  bool operator==(const Assignment&) const = default;
};

/// A write of one row, by value: doing it twice is the same as doing it once.
///
/// `update` and `insert` are both upserts; an insert makes the row exist even if no column is set. `erase` leaves `set` empty.
struct RowWrite {
  enum class Kind { update, insert, erase };
  Kind kind = Kind::update;
  TableName table;
  std::vector<Cell> key;
  std::vector<Assignment> set;
  bool operator==(const RowWrite&) const = default;
};

/// A write of one cache key. The former value of the key, of whatever kind, is gone afterwards, except that `put_fields` keeps the other fields of a hash,
/// but for those it drops. What is dropped and put becomes visible in one step; a field that is both is put.
struct CacheWrite {
  enum class Kind { put_text, put_set, put_fields, put_hash, erase };
  Kind kind = Kind::erase;
  CacheId cache;
  std::string key;
  CacheValue value;
  std::chrono::seconds expiry{0};      ///< 0: none
  std::vector<std::string> drop = {};  ///< of `put_fields`
  bool operator==(const CacheWrite&) const = default;
};

/// Row writes that travel and succeed together (a logged batch), cache writes that become visible together (`MULTI`), or changes of documents, each by itself.
using RowGroup = std::vector<RowWrite>;
using CacheGroup = std::vector<CacheWrite>;
using DocumentGroup = std::vector<DocumentWrite>;
using WriteGroup = std::variant<RowGroup, CacheGroup, DocumentGroup>;

/// Groups of one stage may be written in any order and at once; a stage starts when the one before it is done.
using WriteStage = std::vector<WriteGroup>;

/// Counter increments by name, in the order of the names. Names are literals of the jobs, so views of them stay valid.
class Counts {
 public:
  using Count = std::pair<std::string_view, std::uint64_t>;

  void add(std::string_view name, std::uint64_t n = 1);
  void add(const Counts& other);
  std::uint64_t operator[](std::string_view name) const;
  std::span<const Count> all() const { return counts_; }
  bool operator==(const Counts&) const = default;

 private:
  std::vector<Count> counts_;
};

/// Something in the platform's data that is no error and explains what a learner sees. `what` is a literal of the job; `about` names ids, never anything else
/// of a learner. An `audit` remark tells what was done and for whom: every one is logged, once its event is committed, and kept with the plan until then; of
/// the others one a minute of a kind. A `warning` is about what could not be done.
struct Remark {
  std::string what;
  std::string about;
  bool audit = false;
  bool warning = false;
  bool operator==(const Remark&) const = default;
};

/// What shall be: ordered stages of writes, then the records to produce, then what to count and to remark on.
struct Plan {
  std::vector<WriteStage> stages;
  std::vector<OutputRecord> outputs;
  Counts counts;
  std::vector<Remark> remarks;

  bool writes() const { return !stages.empty(); }
  bool operator==(const Plan&) const = default;
};

/// The rows of one table cut into groups of at most `group_rows`, as a stage of their own. Nothing for no rows. `group_rows` ≥ 1.
/// Returns the number of groups.
std::size_t append_stage(Plan& plan, std::vector<RowWrite> rows, std::size_t group_rows);

/// The same with groups that end before they exceed about `group_bytes`; a row that is larger is a group of its own. For rows of one partition, whose groups
/// may be large.
std::size_t append_stage(Plan& plan, std::vector<RowWrite> rows, std::size_t group_rows, std::size_t group_bytes);

/// The same for the keys of one cache.
std::size_t append_stage(Plan& plan, std::vector<CacheWrite> keys, std::size_t group_keys);

}  // namespace lernd
