#include "runtime/document_changes.h"

#include <fmt/format.h>

#include <set>

namespace lernd {
namespace {

/// So often a document is read and changed before somebody else's changes are left to pass.
constexpr int kTriesMax = 5;

using Outcomes = std::vector<std::optional<Error>>;

class Changes {
 public:
  Changes(std::span<const DocumentWrite* const> writes, SearchIndex& index) : writes_(writes), index_(index), outcomes_(writes.size()) {
    for (std::size_t i = 0; i < writes.size(); ++i) open_.push_back(i);
  }

  Outcomes run() {
    for (int tries = 0; tries < kTriesMax && !open_.empty(); ++tries) once();
    for (const std::size_t i : open_) {
      outcomes_[i] = Error{Treatment::retry, ErrorCode::unavailable,
                           fmt::format("a document of the index {} was changed by somebody else {} times in a row", writes_[i]->document.index, kTriesMax)};
    }
    show_former();
    return std::move(outcomes_);
  }

 private:
  void once() {
    std::vector<DocumentId> ids;
    for (const std::size_t i : open_) ids.push_back(writes_[i]->document);
    const auto stored = index_.read(ids);
    std::vector<DocumentUpdate> updates;
    std::vector<std::size_t> updating;
    for (std::size_t k = 0; k < open_.size(); ++k) {
      const std::size_t i = open_[k];
      if (!stored[k]) {
        outcomes_[i] = stored[k].error();
      } else if (!stored[k]->missing()) {
        std::string fields = changed_fields(stored[k]->source, *writes_[i]);
        if (fields.empty()) {
          former_.insert(i);
        } else {
          updates.push_back({ids[k], std::move(fields), stored[k]->version});
          updating.push_back(i);
        }
      }
    }
    open_.clear();
    if (updates.empty()) return;
    const auto updated = index_.update(updates);
    for (std::size_t k = 0; k < updating.size(); ++k) {
      if (!updated[k]) {
        outcomes_[updating[k]] = updated[k].error();
      } else if (!*updated[k]) {
        open_.push_back(updating[k]);
      }
    }
  }

  /// What an attempt before this one has changed is perhaps not seen by searches yet: it may have died before it knew.
  void show_former() {
    std::set<std::string> indices;
    for (const std::size_t i : former_) indices.insert(writes_[i]->document.index);
    for (const std::string& name : indices) {
      const auto shown = index_.refresh(name);
      if (shown) continue;
      for (const std::size_t i : former_) {
        if (writes_[i]->document.index == name) outcomes_[i] = shown.error();
      }
    }
  }

  std::span<const DocumentWrite* const> writes_;
  SearchIndex& index_;
  Outcomes outcomes_;
  std::vector<std::size_t> open_;
  std::set<std::size_t> former_;  ///< that were already as they shall be
};

}  // namespace

Outcomes change_documents(std::span<const DocumentWrite* const> writes, SearchIndex& index) { return Changes(writes, index).run(); }

}  // namespace lernd
