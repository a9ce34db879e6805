#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "ports/search_index.h"

namespace lernd {

/// An index in memory whose searches see only what was shown to them, as those of a real one.
class FakeIndex final : public SearchIndex {
 public:
  struct Stored {
    nlohmann::json source;
    std::int64_t sequence = 0;
    bool shown = true;
  };
  std::map<DocumentId, Stored> documents;
  std::function<void()> before_update;                   ///< the moment in which somebody else may change something
  std::function<Result<bool>(const DocumentId&)> fault;  ///< an error it returns is that of the document's update
  Result<void> refreshed{};
  int reads = 0;
  int updates = 0;

  void set(const std::string& id, const std::string& source) {
    Stored& stored = documents[{"batch", id}];
    stored.source = nlohmann::json::parse(source);
    ++stored.sequence;
  }
  std::string source(const std::string& id) const { return documents.at({"batch", id}).source.dump(); }

  std::vector<Result<StoredDocument>> read(std::span<const DocumentId> ids) override {
    std::vector<Result<StoredDocument>> found;
    for (const DocumentId& id : ids) {
      ++reads;
      const auto stored = documents.find(id);
      found.push_back(stored == documents.end() ? StoredDocument{} : StoredDocument{stored->second.source.dump(), {stored->second.sequence, 1}});
    }
    return found;
  }
  std::vector<Result<bool>> update(std::span<const DocumentUpdate> all) override {
    if (before_update) before_update();
    std::vector<Result<bool>> results;
    for (const DocumentUpdate& one : all) results.push_back(update_one(one));
    return results;
  }
  Result<void> refresh(const std::string& index) override {
    if (!refreshed) return refreshed;
    for (auto& [id, stored] : documents) stored.shown |= id.index == index;
    return {};
  }
  Result<std::vector<std::pair<std::string, StoredDocument>>> search(const std::string&, std::span<const DocumentTerm>) override { return {}; }
  Result<bool> exists(const std::string&) override { return true; }
  Result<void> create(const std::string&) override { return {}; }
  Result<void> remove(const std::string&) override { return {}; }
  std::vector<Result<void>> put(std::span<const NewDocument> all) override { return std::vector<Result<void>>(all.size()); }
  Result<void> ping() override { return {}; }

 private:
  Result<bool> update_one(const DocumentUpdate& one) {
    ++updates;
    if (fault) {
      if (auto faulty = fault(one.document); !faulty) return faulty;
    }
    const auto stored = documents.find(one.document);
    if (stored == documents.end() || stored->second.sequence != one.version.sequence) return false;
    stored->second.source.merge_patch(nlohmann::json::parse(one.fields));
    ++stored->second.sequence;
    stored->second.shown = true;
    return true;
  }
};

}  // namespace lernd
