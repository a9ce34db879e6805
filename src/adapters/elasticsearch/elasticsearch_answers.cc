#include "adapters/elasticsearch/elasticsearch_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/json.h"

namespace lernd::elasticsearch {
namespace {

Error bad_answer(const std::string& index) {
  return {Treatment::retry, ErrorCode::bad_answer, fmt::format("the search index {} got an answer that does not fit the request (`es.basePath`)", index)};
}

std::optional<JsonView> find(std::optional<JsonView> value, std::string_view member) { return value ? value->find(member) : std::nullopt; }
std::string_view text_of(std::optional<JsonView> value) { return value ? value->text().value_or("") : ""; }
std::optional<std::int64_t> integer_of(std::optional<JsonView> value) { return value ? value->integer() : std::nullopt; }
std::optional<bool> boolean_of(std::optional<JsonView> value) { return value ? value->boolean() : std::nullopt; }

/// The server's word for what went wrong. A search says what its shards said one level further down.
std::string_view type_of(std::optional<JsonView> error) {
  const auto type = text_of(find(error, "type"));
  if (type != "search_phase_execution_exception") return type;
  const auto causes = find(error, "root_cause");
  const auto items = causes ? causes->items() : std::vector<JsonView>();
  return items.empty() ? type : text_of(items.front().find("type"));
}

/// Words of the server may stand in a text, anything else may not.
bool is_word(std::string_view type) {
  return !type.empty() && type.size() <= 60 && type.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

template <std::size_t N>
bool is_one_of(std::string_view type, const std::array<std::string_view, N>& types) {
  return std::ranges::find(types, type) != types.end();
}

constexpr std::array<std::string_view, 2> kBlocked{"cluster_block_exception", "index_closed_exception"};
/// A document whose shard is on no server. Of one that is read this word is all that is said, without a status.
constexpr std::array<std::string_view, 2> kShardAway{"no_shard_available_action_exception", "unavailable_shards_exception"};
/// Refusals with a status that says something else.
constexpr std::array<std::string_view, 2> kPassing{"search_context_missing_exception", "shard_not_found_exception"};

std::optional<StoredDocument> document_of(JsonView item) {
  const auto source = item.find("_source");
  const auto sequence = integer_of(item.find("_seq_no"));
  const auto term = integer_of(item.find("_primary_term"));
  if (!source || !source->is_object() || !sequence || !term) return std::nullopt;
  return StoredDocument{.source = source->compact(), .version = {.sequence = *sequence, .term = *term}};
}

/// The list `member` of an answer, if it has one for each of `asked`; otherwise what is wrong.
Result<std::pair<JsonDocument, std::vector<JsonView>>> items_of(std::span<const DocumentId> asked, const HttpAnswer& answer, std::string_view member) {
  const std::string index = asked.empty() ? "" : asked.front().index;
  if (answer.status != 200) return std::unexpected(refusal_of(answer, index));
  auto document = JsonDocument::parse(answer.body);
  if (!document) return std::unexpected(bad_answer(index));
  const auto list = document->root().find(member);
  auto items = list ? list->items() : std::vector<JsonView>();
  if (items.size() != asked.size()) return std::unexpected(bad_answer(index));
  return std::pair(std::move(*document), std::move(items));
}

Result<StoredDocument> read_item(const DocumentId& asked, JsonView item) {
  if (text_of(item.find("_id")) != asked.id) return std::unexpected(bad_answer(asked.index));
  if (const auto error = item.find("error")) return std::unexpected(refusal(0, type_of(error), asked.index));
  const auto found = boolean_of(item.find("found"));
  if (found == false) return StoredDocument();
  auto document = found ? document_of(item) : std::nullopt;
  if (!document) return std::unexpected(bad_answer(asked.index));
  return *std::move(document);
}

Result<bool> bulk_item(const DocumentId& changed, JsonView item) {
  const auto action = item.members();
  if (action.size() != 1 || text_of(action.front().second.find("_id")) != changed.id) return std::unexpected(bad_answer(changed.index));
  const JsonView outcome = action.front().second;
  const auto status = integer_of(outcome.find("status"));
  if (!status) return std::unexpected(bad_answer(changed.index));
  if (*status == 200 || *status == 201) return true;
  const auto type = type_of(outcome.find("error"));
  if (*status == 409 || type == "document_missing_exception") return false;
  return std::unexpected(refusal(static_cast<int>(*status), type, changed.index));
}

template <class T, class Read>
std::vector<Result<T>> split(std::span<const DocumentId> asked, const HttpAnswer& answer, std::string_view member, Read read) {
  const auto items = items_of(asked, answer, member);
  if (!items) return std::vector<Result<T>>(asked.size(), std::unexpected(items.error()));
  std::vector<Result<T>> results;
  results.reserve(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) results.push_back(read(asked[i], items->second[i]));
  return results;
}

/// Whether a shard could not do its part.
bool some_failed(JsonView root) { return integer_of(find(root.find("_shards"), "failed")).value_or(0) != 0; }

}  // namespace

std::vector<Result<StoredDocument>> documents_of(std::span<const DocumentId> asked, const HttpAnswer& answer) {
  return split<StoredDocument>(asked, answer, "docs", read_item);
}

std::vector<Result<bool>> outcomes_of(std::span<const DocumentId> changed, const HttpAnswer& answer) {
  return split<bool>(changed, answer, "items", bulk_item);
}

Result<Page> page_of(const std::string& index, const HttpAnswer& answer) {
  if (answer.status != 200) return std::unexpected(refusal_of(answer, index));
  const auto document = JsonDocument::parse(answer.body);
  if (!document) return std::unexpected(bad_answer(index));
  const JsonView root = document->root();
  if (some_failed(root) || boolean_of(root.find("timed_out")).value_or(false)) return std::unexpected(refusal(503, "", index));
  const auto hits = root.find("hits");
  const auto list = find(hits, "hits");
  const auto total = integer_of(find(find(hits, "total"), "value"));
  Page page{.documents = {}, .scroll_id = std::string(text_of(root.find("_scroll_id"))), .total = static_cast<std::size_t>(total.value_or(0))};
  if (!list || !list->is_array() || !total || *total < 0 || page.scroll_id.empty()) return std::unexpected(bad_answer(index));
  for (const JsonView hit : list->items()) {
    auto found = document_of(hit);
    const auto id = text_of(hit.find("_id"));
    if (!found || id.empty()) return std::unexpected(bad_answer(index));
    page.documents.emplace_back(id, *std::move(found));
  }
  return page;
}

Result<bool> existence_of(const std::string& index, const HttpAnswer& answer) {
  if (answer.status == 200) return true;
  if (answer.status == 404) return false;
  return std::unexpected(refusal_of(answer, index));
}

Result<void> done_of(const std::string& index, const HttpAnswer& answer) {
  if (answer.status != 200) return std::unexpected(refusal_of(answer, index));
  const auto document = JsonDocument::parse(answer.body);
  if (!document || !document->root().is_object()) return std::unexpected(bad_answer(index));
  if (some_failed(document->root())) return std::unexpected(refusal(503, "", index));
  return {};
}

Result<void> greeting_of(const HttpAnswer& answer) {
  if (answer.status != 200) return std::unexpected(refusal_of(answer, ""));
  const auto document = JsonDocument::parse(answer.body);
  if (document && find(document->root().find("version"), "number")) return {};
  return fail(Treatment::fatal, ErrorCode::invalid_option, "what answers is neither Elasticsearch nor OpenSearch: check `es.basePath`");
}

Error refusal(int status, std::string_view type, const std::string& index) {
  const auto error = [&](Treatment treatment, ErrorCode code, std::string_view what) {
    const std::string whom = index.empty() ? "the server of the search index" : "the search index " + index;
    const std::string word = is_word(type) ? fmt::format("{}{}", status > 0 ? ", " : "", type) : "";
    const std::string number = status > 0 ? fmt::format("status {}", status) : "";
    const std::string said = number.empty() && word.empty() ? "" : fmt::format(" ({}{})", number, word);
    return Error{treatment, code, fmt::format("{} {}{}", whom, what, said)};
  };
  if (type == "index_not_found_exception") {
    return error(Treatment::fatal, ErrorCode::not_found, "is not there: check that `es.basePath` names the servers that have it");
  }
  if (is_one_of(type, kBlocked)) {
    return error(Treatment::retry, ErrorCode::service_away, "is closed or read-only: lift its blocks (index.blocks.*)");
  }
  if (is_one_of(type, kPassing)) return error(Treatment::retry, ErrorCode::unavailable, "cannot go on just now");
  if (status == 401 || status == 403 || type == "security_exception") {
    return error(Treatment::fatal, ErrorCode::unauthorized,
                 "does not let us in: check `lernd.es.user` and `lernd.es.password`, or `lernd.es.api_key`, and what they may do");
  }
  const bool untold = status == 0 && type != "illegal_argument_exception";
  const std::string_view away = "is away, overloaded or not complete (`es.basePath`)";
  if (is_one_of(type, kShardAway) || status == 429 || status == 503) return error(Treatment::retry, ErrorCode::service_away, away);
  if (untold || status == 408 || status >= 500) return error(Treatment::retry, ErrorCode::unavailable, away);
  if (status == 404 || status == 405 || (status > 0 && status < 400)) {
    return error(Treatment::fatal, ErrorCode::invalid_option, "is not where requests are sent to: check `es.basePath`");
  }
  return error(Treatment::reject, ErrorCode::schema_mismatch, "does not take a document or a request");
}

Error refusal_of(const HttpAnswer& answer, const std::string& index) {
  const auto document = JsonDocument::parse(answer.body);
  return refusal(answer.status, document ? type_of(document->root().find("error")) : "", index);
}

}  // namespace lernd::elasticsearch
