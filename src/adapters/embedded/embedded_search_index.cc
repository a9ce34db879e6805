#include "adapters/embedded/embedded_search_index.h"

#include <fmt/format.h>

#include "adapters/embedded/connection.h"
#include "core/json.h"

namespace lernd::embedded {
namespace {

using Found = std::vector<std::pair<std::string, StoredDocument>>;

/// Counts primaries in Elasticsearch; here there is only one.
constexpr std::int64_t kTerm = 1;

std::unexpected<Error> no_index(const std::string& index) {
  return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("the search index {} is not there; `lernd schema --all --apply` makes it", index));
}

std::unexpected<Error> refused(const std::string& index, std::string_view why) {
  return fail(Treatment::reject, ErrorCode::schema_mismatch, fmt::format("a document for the search index {} {}", index, why));
}

/// Whether an error is that of one document or its index, and not of the file.
bool is_of_one_document(const Error& error) { return error.treatment == Treatment::reject || error.code == ErrorCode::not_found; }

/// Writes the members of `stored` with those of `changes` over them: objects merged, everything else replaced.
void merge(JsonView stored, JsonView changes, JsonWriter& out) {
  out.open_object();
  for (const auto& [name, value] : stored.members()) {
    const auto change = changes.find(name);
    out.name(name);
    if (change && change->is_object() && value.is_object()) {
      merge(value, *change, out);
    } else {
      out.raw(change.value_or(value).compact());
    }
  }
  for (const auto& [name, value] : changes.members()) {
    if (!stored.find(name)) out.name(name).raw(value.compact());
  }
  out.close_object();
}

class EmbeddedSearchIndex final : public SearchIndex {
 public:
  explicit EmbeddedSearchIndex(std::shared_ptr<EmbeddedDatabase> database) : database_(std::move(database)) {}

  std::vector<Result<StoredDocument>> read(std::span<const DocumentId> documents) override {
    std::vector<Result<StoredDocument>> answers;
    answers.reserve(documents.size());
    for (const DocumentId& document : documents) answers.push_back(read_one(document));
    return answers;
  }

  std::vector<Result<bool>> update(std::span<const DocumentUpdate> updates) override;
  Result<Found> search(const std::string& index, std::span<const DocumentTerm> terms) override;

  Result<void> refresh(const std::string& index) override {
    const auto there = exists(index);
    if (!there) return std::unexpected(there.error());
    return *there ? Result<void>() : no_index(index);
  }

  Result<bool> exists(const std::string& index) override {
    const auto found = connection().number(R"(SELECT 1 FROM lernd_index WHERE "index"=?)", index);
    if (!found) return std::unexpected(found.error());
    return found->has_value();
  }

  Result<void> create(const std::string& index) override;
  Result<void> remove(const std::string& index) override;
  std::vector<Result<void>> put(std::span<const NewDocument> documents) override;

  Result<void> ping() override {
    const auto answer = connection().number("SELECT 1");
    return answer ? Result<void>() : std::unexpected(answer.error());
  }

 private:
  SqliteConnection& connection() { return database_->connection(); }
  Result<StoredDocument> read_one(const DocumentId& document);
  Result<bool> update_one(const DocumentUpdate& update);
  Result<void> put_one(const NewDocument& document);
  Result<void> store(const DocumentId& document, std::string_view source);

  std::shared_ptr<EmbeddedDatabase> database_;
};

Result<StoredDocument> EmbeddedSearchIndex::read_one(const DocumentId& document) {
  if (document.id.empty()) return refused(document.index, "has an empty id");
  SqlCursor row = connection().select(R"(SELECT source, sequence FROM lernd_document WHERE "index"=? AND id=?)", document.index, document.id);
  if (row.next()) return StoredDocument{.source = row.text(0), .version = {.sequence = row.integer(1), .term = kTerm}};
  if (const auto ended = row.end(); !ended) return std::unexpected(ended.error());
  const auto there = exists(document.index);
  if (!there) return std::unexpected(there.error());
  return *there ? Result<StoredDocument>(StoredDocument()) : no_index(document.index);
}

Result<bool> EmbeddedSearchIndex::update_one(const DocumentUpdate& update) {
  const auto fields = JsonDocument::parse(update.fields);
  if (!fields || !fields->root().is_object()) return refused(update.document.index, "is to be changed by something that is no JSON object");
  const auto stored = read_one(update.document);
  if (!stored) return std::unexpected(stored.error());
  if (stored->missing() || stored->version != update.version) return false;
  const auto source = JsonDocument::parse(stored->source);
  if (!source) return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("lernd_document holds something in {} that is no JSON", update.document.index));
  std::string merged;
  JsonWriter out(merged);
  merge(source->root(), fields->root(), out);
  // As in Elasticsearch, a change of nothing is no change: the version stays.
  if (merged == stored->source) return true;
  if (const auto kept = store(update.document, merged); !kept) return std::unexpected(kept.error());
  return true;
}

std::vector<Result<bool>> EmbeddedSearchIndex::update(std::span<const DocumentUpdate> updates) {
  const auto all = [&](const Error& error) { return std::vector<Result<bool>>(updates.size(), std::unexpected(error)); };
  if (updates.empty()) return {};
  if (const auto begun = connection().begin(); !begun) return all(begun.error());
  std::vector<Result<bool>> answers;
  answers.reserve(updates.size());
  for (const DocumentUpdate& update : updates) {
    answers.push_back(update_one(update));
    if (answers.back() || is_of_one_document(answers.back().error())) continue;
    const Error fault = answers.back().error();
    connection().abandon(fault);
    return all(fault);
  }
  return answers;
}

/// Part of the open transaction.
Result<void> EmbeddedSearchIndex::store(const DocumentId& document, std::string_view source) {
  const auto counted = connection().change(R"(UPDATE lernd_index SET sequence=sequence+1 WHERE "index"=?)", document.index);
  if (!counted) return std::unexpected(counted.error());
  if (*counted == 0) return no_index(document.index);
  const auto kept = connection().change(
      R"(INSERT OR REPLACE INTO lernd_document ("index", id, source, sequence) VALUES (?1, ?2, ?3, (SELECT sequence FROM lernd_index WHERE "index"=?1)))",
      document.index, document.id, source);
  return kept ? Result<void>() : std::unexpected(kept.error());
}

Result<Found> EmbeddedSearchIndex::search(const std::string& index, std::span<const DocumentTerm> terms) {
  const auto there = exists(index);
  if (!there) return std::unexpected(there.error());
  if (!*there) return no_index(index);
  Found found;
  SqlCursor rows = connection().select(R"(SELECT id, source, sequence FROM lernd_document WHERE "index"=? ORDER BY id)", index);
  while (rows.next()) {
    StoredDocument stored{.source = rows.text(1), .version = {.sequence = rows.integer(2), .term = kTerm}};
    if (fits(stored.source, terms)) found.emplace_back(rows.text(0), std::move(stored));
  }
  if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
  return found;
}

Result<void> EmbeddedSearchIndex::create(const std::string& index) {
  if (index.empty()) return fail(Treatment::fatal, ErrorCode::invalid_option, "a search index without a name cannot be made");
  return connection().atomically([&]() -> Result<void> {
    const auto made = connection().change(R"(INSERT INTO lernd_index ("index", sequence) VALUES (?, 0) ON CONFLICT DO NOTHING)", index);
    return made ? Result<void>() : std::unexpected(made.error());
  });
}

Result<void> EmbeddedSearchIndex::remove(const std::string& index) {
  return connection().atomically([&]() -> Result<void> {
    for (const auto* statement : {R"(DELETE FROM lernd_document WHERE "index"=?)", R"(DELETE FROM lernd_index WHERE "index"=?)"}) {
      if (const auto gone = connection().change(statement, index); !gone) return std::unexpected(gone.error());
    }
    return {};
  });
}

Result<void> EmbeddedSearchIndex::put_one(const NewDocument& document) {
  const auto& [index, id] = document.document;
  if (id.empty() || id.size() > kDocumentIdBytesMax) {
    return refused(index, id.empty() ? "has an empty id" : fmt::format("has an id of more than {} bytes", kDocumentIdBytesMax));
  }
  const auto parsed = JsonDocument::parse(document.source);
  if (!parsed || !parsed->root().is_object()) return refused(index, "is no JSON object");
  return store(document.document, parsed->root().compact());
}

std::vector<Result<void>> EmbeddedSearchIndex::put(std::span<const NewDocument> documents) {
  std::vector<Result<void>> answers;
  answers.reserve(documents.size());
  const auto stored = connection().atomically([&]() -> Result<void> {
    for (const NewDocument& document : documents) {
      answers.push_back(put_one(document));
      if (!answers.back() && !is_of_one_document(answers.back().error())) return answers.back();
    }
    return {};
  });
  return stored ? answers : std::vector<Result<void>>(documents.size(), std::unexpected(stored.error()));
}

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<SearchIndex> make_embedded_search_index(std::shared_ptr<EmbeddedDatabase> database) {
  return std::make_unique<embedded::EmbeddedSearchIndex>(std::move(database));
}

}  // namespace lernd
