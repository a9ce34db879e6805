#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lernd {

/// A document of a search index, by its id.
struct DocumentId {
  std::string index;
  std::string id;
  auto operator<=>(const DocumentId&) const = default;
};

/// Which state of a document was read. A search index numbers the changes of a document; an update that names the state it was made from is refused when the
/// document has changed since.
struct DocumentVersion {
  std::int64_t sequence = 0;
  std::int64_t term = 0;
  bool operator==(const DocumentVersion&) const = default;
};

/// What an index keeps under an id. A missing document is an answer like any other: its source is empty.
struct StoredDocument {
  std::string source;  ///< a JSON object
  DocumentVersion version;

  bool missing() const { return source.empty(); }
  bool operator==(const StoredDocument&) const = default;
};

/// A change of one document: every text in it, at any depth, that equals `from` becomes `to`; of the lists named in `distinct` only the first `to` is kept.
/// Doing it twice in a row is the same as doing it once, and it touches nothing that somebody else changes meanwhile. A document that is not there stays
/// missing.
struct DocumentWrite {
  DocumentId document;
  std::string from;
  std::string to;
  std::vector<std::string> distinct = {};  ///< top-level fields
  bool operator==(const DocumentWrite&) const = default;
};

/// The top-level fields of a document that the write changes, as a JSON object with their new values; empty when it changes nothing. Lists and objects are
/// whole. Nothing as well of a source that is no JSON object.
std::string changed_fields(std::string_view source, const DocumentWrite& write);

std::size_t hash_of(const DocumentId& document);

}  // namespace lernd
