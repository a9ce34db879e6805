#include "jobs/merge_user_courses/content_merge.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "jobs/merge_user_courses/merge_value.h"
#include "jobs/merge_user_courses/row_copy.h"

namespace lernd::merge_user_courses {
namespace {

constexpr std::string_view kOwner = "userid";
constexpr std::string_view kViews = "viewcount";
constexpr std::string_view kCompletions = "completedcount";
constexpr std::array<std::string_view, 4> kKey{kOwner, "courseid", "batchid", "contentid"};

enum class Rule { none, larger, sum, later_text, kept };

Rule rule_for(std::string_view column) {
  static constexpr std::array<std::string_view, 6> kLarger{"status", "progress", "datetime", "last_access_time", "last_completed_time", "last_updated_time"};
  static constexpr std::array<std::string_view, 3> kTexts{"lastaccesstime", "lastcompletedtime", "lastupdatedtime"};
  if (std::ranges::find(kKey, column) != kKey.end()) return Rule::none;
  if (column == kViews || column == kCompletions) return Rule::sum;
  if (std::ranges::find(kLarger, column) != kLarger.end()) return Rule::larger;
  return std::ranges::find(kTexts, column) != kTexts.end() ? Rule::later_text : Rule::kept;
}

ContentKey key_of(const Rows::Row& row) { return {text_in(row["courseid"]), text_in(row["batchid"]), text_in(row["contentid"])}; }

ContentKey lower_case(ContentKey key) {
  for (std::string& id : key) std::ranges::transform(id, id.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key;
}

/// The target's rows, found by key in either way.
class TargetRows {
 public:
  TargetRows(const Rows& rows, const Claims& claimed) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ContentKey key = key_of(rows[i]);
      if (!claimed.copied.contains(key)) of_any_case_.insert_or_assign(lower_case(key), i);
      exact_.emplace(std::move(key), i);
    }
  }

  bool contains(const ContentKey& key) const { return exact_.contains(key); }

  std::optional<std::size_t> match(const ContentKey& key) const {
    if (const auto found = exact_.find(key); found != exact_.end()) return found->second;
    if (const auto found = of_any_case_.find(lower_case(key)); found != of_any_case_.end()) return found->second;
    return std::nullopt;
  }

 private:
  std::map<ContentKey, std::size_t> exact_;
  std::map<ContentKey, std::size_t> of_any_case_;  ///< of rows that differ in case only the last; without copies of an earlier attempt
};

class Merging {
 public:
  Merging(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id, const Claims& claimed, const DateFormat& format)
      : table_(table), source_(source), target_(target), target_id_(target_id), claimed_(claimed), format_(format) {
    for (const std::string& column : source.columns()) rules_.push_back(rule_for(column));
  }

  ContentMerge run() {
    const TargetRows targets(target_, claimed_);
    for (std::size_t i = 0; i < source_.size(); ++i) {
      ContentKey key = key_of(source_[i]);
      const bool was_copied = claimed_.copied.contains(key);
      if (was_copied && targets.contains(key)) continue;
      const auto match = was_copied ? std::nullopt : targets.match(key);
      if (match) {
        merge(i, *match);
        continue;
      }
      result_.writes.push_back(copy_of_row(table_, source_, i, kKey, kOwner, target_id_));
      if (!was_copied) result_.claims.copied.insert(std::move(key));
    }
    for (const auto& [index, cells] : merged_) write_changed(index, cells);
    return std::move(result_);
  }

 private:
  /// The cells of a target row in the order of the source's columns.
  std::vector<Value> cells_of(std::size_t index) const {
    std::vector<Value> cells;
    for (const std::string& column : source_.columns()) cells.push_back(target_[index][column]);
    return cells;
  }

  /// Whether an earlier attempt of the event has added to this row: its counts are no longer those that were claimed.
  bool counts_added(std::size_t index) const {
    const auto claim = claimed_.counted.find(key_of(target_[index]));
    return claim != claimed_.counted.end() && claim->second != Counted{target_[index][kViews], target_[index][kCompletions]};
  }

  void merge(std::size_t from, std::size_t into) {
    auto& cells = merged_.try_emplace(into).first->second;
    if (cells.empty()) cells = cells_of(into);
    const bool added = counts_added(into);
    const auto source = source_[from].cells();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      switch (rules_[i]) {
        case Rule::none:
          break;
        case Rule::larger:
          cells[i] = larger(source[i], cells[i]);
          break;
        case Rule::sum:
          if (!added) cells[i] = sum(source[i], cells[i]);
          break;
        case Rule::later_text:
          cells[i] = later_text(source[i], cells[i], format_, result_.unreadable_dates);
          break;
        case Rule::kept:
          cells[i] = kept(source[i], cells[i]);
          break;
      }
    }
  }

  void write_changed(std::size_t index, const std::vector<Value>& cells) {
    const Rows::Row row = target_[index];
    RowWrite write{.kind = RowWrite::Kind::update, .table = table_, .key = {}, .set = {}};
    bool counted = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string& column = source_.columns()[i];
      if (cells[i] == row[column]) continue;
      write.set.push_back({column, cells[i]});
      counted = counted || rules_[i] == Rule::sum;
    }
    if (write.set.empty()) return;
    for (const std::string_view column : kKey) write.key.push_back({std::string(column), row[column]});
    result_.writes.push_back(std::move(write));
    // A claim of an earlier attempt stays as it is.
    if (ContentKey key = key_of(row); counted && !claimed_.counted.contains(key)) {
      result_.claims.counted.emplace(std::move(key), Counted{row[kViews], row[kCompletions]});
    }
  }

  const TableName& table_;
  const Rows& source_;
  const Rows& target_;
  const std::string& target_id_;
  const Claims& claimed_;
  const DateFormat& format_;
  std::vector<Rule> rules_;  ///< of each column of the source
  std::map<std::size_t, std::vector<Value>> merged_;
  ContentMerge result_;
};

}  // namespace

ContentMerge merge_contents(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id, const Claims& claimed,
                            const DateFormat& format) {
  return Merging(table, source, target, target_id, claimed, format).run();
}

}  // namespace lernd::merge_user_courses
