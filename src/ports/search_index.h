#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/document.h"
#include "core/error.h"

namespace lernd {

/// New values for top-level fields of a document, made from the state `version`. Lists are replaced, objects are merged into those that are there.
struct DocumentUpdate {
  DocumentId document;
  std::string fields;  ///< a JSON object
  DocumentVersion version;
};

/// A document to be stored whatever was there.
struct NewDocument {
  DocumentId document;
  std::string source;  ///< a JSON object
};

/// Documents of an index whose field `field` is, or as a list contains, the text `value`.
struct DocumentTerm {
  std::string field;
  std::string value;
};

/// Whether a document fits every term.
bool fits(std::string_view source, std::span<const DocumentTerm> terms);

/// No document has a longer id: reading one finds nothing, and storing under one is `reject`.
constexpr std::size_t kDocumentIdBytesMax = 512;

/// Indices of JSON documents (Elasticsearch 7, OpenSearch 2).
///
/// Bulk as TableStore. Reads see every acknowledged update at once; searches see it no later than when `update` or `refresh` has returned.
/// Threads: one worker owns one and calls it from one thread.
/// Errors: `retry` (away, timed out, overloaded, index read-only or without its shards), `reject` (a document the index cannot take, an empty id),
///         `fatal` (wrong password, unknown index, no permission).
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;

  virtual std::vector<Result<StoredDocument>> read(std::span<const DocumentId> documents) = 0;

  /// Changes documents that are still in the state the update was made from. False: it has changed since, or is gone; nothing was done.
  virtual std::vector<Result<bool>> update(std::span<const DocumentUpdate> updates) = 0;

  /// Returns when searches see every update of the index that was acknowledged before.
  virtual Result<void> refresh(const std::string& index) = 0;

  /// All documents that fit every term, however many, sorted by id; all of the index without terms.
  virtual Result<std::vector<std::pair<std::string, StoredDocument>>> search(const std::string& index, std::span<const DocumentTerm> terms) = 0;

  virtual Result<bool> exists(const std::string& index) = 0;

  /// Makes an index whose texts are found by their whole value. Nothing happens when it is there. For tests and the demo.
  virtual Result<void> create(const std::string& index) = 0;
  /// Takes an index away. Nothing happens when it is not there. For tests.
  virtual Result<void> remove(const std::string& index) = 0;
  /// Stores documents, seen by searches at once. For tests and the demo.
  virtual std::vector<Result<void>> put(std::span<const NewDocument> documents) = 0;

  /// Answers when the index servers do.
  virtual Result<void> ping() = 0;
};

}  // namespace lernd
