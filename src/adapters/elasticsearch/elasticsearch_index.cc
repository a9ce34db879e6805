#include "adapters/elasticsearch/elasticsearch_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <utility>

#include "adapters/elasticsearch/elasticsearch_answers.h"
#include "adapters/elasticsearch/elasticsearch_requests.h"
#include "adapters/elasticsearch/elasticsearch_servers.h"

namespace lernd {
namespace {

using namespace elasticsearch;

using Found = std::vector<std::pair<std::string, StoredDocument>>;
/// Positions in the span of a call that go out as one request.
using Piece = std::vector<std::size_t>;

/// A request or its answer is refused as a whole. With several documents in it, one of them may be to blame.
bool is_for_all(const Result<HttpAnswer>& answer) { return is_too_large(answer) || (answer && answer->status == 400); }

class ElasticsearchIndex final : public SearchIndex {
 public:
  ElasticsearchIndex(ElasticsearchOptions options, std::unique_ptr<HttpClient> http) : options_(std::move(options)), servers_(options_, std::move(http)) {}

  std::vector<Result<StoredDocument>> read(std::span<const DocumentId> documents) override;
  std::vector<Result<bool>> update(std::span<const DocumentUpdate> updates) override { return write(updates, Shown::at_the_next_refresh); }
  Result<Found> search(const std::string& index, std::span<const DocumentTerm> terms) override;

  Result<void> refresh(const std::string& index) override {
    return ask<void>(index, refresh_request(index), [&](const HttpAnswer& answer) { return done_of(index, answer); });
  }

  Result<bool> exists(const std::string& index) override {
    return ask<bool>(index, exists_request(index), [&](const HttpAnswer& answer) { return existence_of(index, answer); });
  }

  Result<void> create(const std::string& index) override;
  Result<void> remove(const std::string& index) override;
  std::vector<Result<void>> put(std::span<const NewDocument> documents) override;

  Result<void> ping() override {
    const auto answer = servers_.call({.method = "GET", .path = "/", .body = {}});
    return answer ? greeting_of(*answer) : std::unexpected(answer.error());
  }

 private:
  /// One request about one index.
  template <class T, class Conclude>
  Result<T> ask(const std::string& index, const Request& request, Conclude conclude) {
    if (const auto checked = check_index_name(index); !checked) return std::unexpected(checked.error());
    const auto answer = servers_.call(request);
    return answer ? conclude(*answer) : std::unexpected(answer.error());
  }

  template <class T, class Make, class Split>
  void in_pieces(std::vector<Piece> pieces, std::vector<Result<T>>& results, Make make, Split split);
  template <class Item>
  std::vector<Result<bool>> write(std::span<const Item> items, Shown shown);
  Result<void> require(const std::string& index);
  Result<Found> search_by(const std::string& index, std::span<const DocumentTerm> terms, std::size_t page_documents, bool& too_large);

  const ElasticsearchOptions options_;
  Servers servers_;
};

/// Sends the pieces at once and keeps what `split(documents, answer)` makes of each answer. A piece that is refused as a whole is sent again in halves.
template <class T, class Make, class Split>
void ElasticsearchIndex::in_pieces(std::vector<Piece> pieces, std::vector<Result<T>>& results, Make make, Split split) {
  while (!pieces.empty()) {
    std::vector<Request> requests;
    for (const Piece& piece : pieces) requests.push_back(make(piece));
    const auto answers = servers_.call(requests);
    std::vector<Piece> halves;
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      const Piece& piece = pieces[p];
      if (piece.size() > 1 && is_for_all(answers[p])) {
        const auto middle = piece.begin() + static_cast<std::ptrdiff_t>(piece.size() / 2);
        halves.emplace_back(piece.begin(), middle);
        halves.emplace_back(middle, piece.end());
        continue;
      }
      auto parts = answers[p] ? split(piece, *answers[p]) : std::vector<Result<T>>(piece.size(), std::unexpected(answers[p].error()));
      for (std::size_t k = 0; k < piece.size(); ++k) results[piece[k]] = std::move(parts[k]);
    }
    pieces = std::move(halves);
  }
}

std::vector<Result<StoredDocument>> ElasticsearchIndex::read(std::span<const DocumentId> documents) {
  std::vector<Result<StoredDocument>> results(documents.size());
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const DocumentId& document = documents[i];
    if (const auto checked = check_document(document); !checked) {
      results[i] = std::unexpected(checked.error());
    } else if (document.id.size() <= kDocumentIdBytesMax) {
      if (pieces.empty() || pieces.back().size() >= options_.read_documents_max) pieces.emplace_back();
      pieces.back().push_back(i);
    }
  }
  const auto ids_of = [&](const Piece& piece) {
    std::vector<DocumentId> ids;
    for (const std::size_t i : piece) ids.push_back(documents[i]);
    return ids;
  };
  in_pieces(
      std::move(pieces), results, [&](const Piece& piece) { return read_request(ids_of(piece)); },
      [&](const Piece& piece, const HttpAnswer& answer) { return documents_of(ids_of(piece), answer); });
  return results;
}

/// False for an item that was not done because of what is there.
template <class Item>
std::vector<Result<bool>> ElasticsearchIndex::write(std::span<const Item> items, Shown shown) {
  std::vector<Result<bool>> results(items.size(), false);
  std::map<std::string, Result<void>> indices;
  std::vector<std::string> lines(items.size());
  std::vector<Piece> pieces;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto text = lines_of(items[i]);
    const std::string& name = items[i].document.index;
    // An update of an index that is not there would make one.
    auto index = indices.find(name);
    if (text && index == indices.end()) index = indices.emplace(name, require(name)).first;
    if (text && !index->second) text = std::unexpected(index->second.error());
    if (!text) {
      results[i] = std::unexpected(text.error());
      continue;
    }
    if (text->empty()) continue;
    lines[i] = *std::move(text);
    if (pieces.empty() || bytes + lines[i].size() > options_.request_bytes_max) {
      pieces.emplace_back();
      bytes = 0;
    }
    bytes += lines[i].size();
    pieces.back().push_back(i);
  }
  in_pieces(
      std::move(pieces), results,
      [&](const Piece& piece) {
        std::string body;
        for (const std::size_t i : piece) body += lines[i];
        return bulk_request(std::move(body), shown, options_.server_timeout);
      },
      [&](const Piece& piece, const HttpAnswer& answer) {
        std::vector<DocumentId> ids;
        for (const std::size_t i : piece) ids.push_back(items[i].document);
        return outcomes_of(ids, answer);
      });
  return results;
}

Result<Found> ElasticsearchIndex::search(const std::string& index, std::span<const DocumentTerm> terms) {
  if (const auto checked = check_index_name(index); !checked) return std::unexpected(checked.error());
  std::size_t page_documents = options_.page_documents;
  for (;;) {
    bool too_large = false;
    auto found = search_by(index, terms, page_documents, too_large);
    if (!too_large || page_documents == 1) return found;
    page_documents = std::max<std::size_t>(1, page_documents / 8);
  }
}

/// `too_large` becomes true when that is why it failed.
Result<Found> ElasticsearchIndex::search_by(const std::string& index, std::span<const DocumentTerm> terms, std::size_t page_documents, bool& too_large) {
  Found found;
  std::string scroll_id;
  std::size_t seen = 0;
  const auto outcome = [&]() -> Result<void> {
    for (;;) {
      const auto answer = servers_.call(scroll_id.empty() ? search_request(index, terms, page_documents) : page_request(scroll_id));
      too_large = is_too_large(answer);
      if (!answer) return std::unexpected(answer.error());
      auto page = page_of(index, *answer);
      if (!page) return std::unexpected(page.error());
      scroll_id = std::move(page->scroll_id);
      seen += page->documents.size();
      if (seen > page->total || (page->documents.empty() && seen < page->total)) {
        return fail(Treatment::retry, ErrorCode::bad_answer, fmt::format("a search of the index {} gave another number of documents than it announced", index));
      }
      for (auto& document : page->documents) {
        if (fits(document.second.source, terms)) found.push_back(std::move(document));
      }
      if (seen == page->total) return {};
    }
  }();
  // Without this the server keeps the search until its time is over; that it cannot be reached changes nothing about what was found.
  if (!scroll_id.empty()) static_cast<void>(servers_.call(end_of_search_request(scroll_id)));
  if (!outcome) return std::unexpected(outcome.error());
  std::ranges::sort(found, {}, [](const auto& document) -> const std::string& { return document.first; });
  return found;
}

Result<void> ElasticsearchIndex::create(const std::string& index) {
  return ask<void>(index, create_request(index), [&](const HttpAnswer& answer) -> Result<void> {
    auto done = done_of(index, answer);
    if (done) return done;
    const auto there = exists(index);
    return there && *there ? Result<void>() : done;
  });
}

Result<void> ElasticsearchIndex::remove(const std::string& index) {
  return ask<void>(index, remove_request(index), [&](const HttpAnswer& answer) {
    auto done = done_of(index, answer);
    return !done && done.error().code == ErrorCode::not_found ? Result<void>() : done;
  });
}

std::vector<Result<void>> ElasticsearchIndex::put(std::span<const NewDocument> documents) {
  const auto outcomes = write(documents, Shown::at_once);
  std::vector<Result<void>> results(documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (!outcomes[i]) results[i] = std::unexpected(outcomes[i].error());
    if (outcomes[i] == false) {
      results[i] = fail(Treatment::retry, ErrorCode::unavailable,
                        fmt::format("a document of the search index {} was changed by somebody else meanwhile", documents[i].document.index));
    }
  }
  return results;
}

/// That an index is there.
Result<void> ElasticsearchIndex::require(const std::string& index) {
  const auto there = exists(index);
  if (!there) return std::unexpected(there.error());
  return *there ? Result<void>() : std::unexpected(refusal(404, "index_not_found_exception", index));
}

}  // namespace

std::unique_ptr<SearchIndex> make_elasticsearch_index(ElasticsearchOptions options, std::unique_ptr<HttpClient> http) {
  return std::make_unique<ElasticsearchIndex>(std::move(options), std::move(http));
}

}  // namespace lernd
