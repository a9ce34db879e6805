#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/conformance.h"
#include "ports/search_index.h"

namespace lernd {

/// A search index server under test. Every object that `open` gives works on the same indices.
class SearchIndexBackend {
 public:
  virtual ~SearchIndexBackend() = default;
  virtual std::unique_ptr<SearchIndex> open() = 0;
  // Backends without a server do not run the tests that need the following.
  /// Stops the server and starts it again; returns when it answers.
  virtual void restart() { FAIL() << "this backend has no server"; }
  /// Makes an index read-only, or lifts that.
  virtual void set_read_only(const std::string&, bool) { FAIL() << "this backend has no server"; }
  /// Makes an index with mappings of its own (JSON).
  virtual void create_mapped(const std::string&, const std::string&) { FAIL() << "this backend has no server"; }
};

struct SearchIndexFactory {
  std::string name;
  std::function<std::unique_ptr<SearchIndexBackend>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const SearchIndexFactory& factory) { return out << factory.name; }

/// What a SearchIndex has to do, whatever is behind it. A backend joins with
/// `INSTANTIATE_TEST_SUITE_P(<Backend>, SearchIndexSuite, testing::Values(SearchIndexFactory{"<name>", make}), BackendName())`.
class SearchIndexSuite : public testing::TestWithParam<SearchIndexFactory> {
 protected:
  /// Makes the index `name_`.
  void SetUp() override;
  void TearDown() override;

  DocumentId id(const std::string& id) const { return {.index = name_, .id = id}; }
  void put(const std::string& id, const std::string& source);
  Result<StoredDocument> read(const DocumentId& document);
  /// A document that can be read; a missing one when it cannot.
  StoredDocument stored(const std::string& id);
  Result<bool> update(const DocumentId& document, const std::string& fields, const DocumentVersion& version);
  /// Changes a document from the state it has.
  Result<bool> update(const std::string& id, const std::string& fields) { return update(this->id(id), fields, stored(id).version); }
  /// The ids of the documents that a search finds.
  std::vector<std::string> found(std::vector<DocumentTerm> terms);

  std::unique_ptr<SearchIndexBackend> backend_;
  std::unique_ptr<SearchIndex> index_;
  std::string name_;
};

/// Whether a call worked and gave this.
testing::AssertionResult gives(const Result<bool>& result, bool value);

/// Whether two texts are the same JSON, whatever the order of members.
testing::AssertionResult same_json(const std::string& left, const std::string& right);

}  // namespace lernd
