#include "adapters/elasticsearch/elasticsearch_requests.h"

#include <fmt/format.h>

#include "core/json.h"

namespace lernd::elasticsearch {
namespace {

constexpr std::string_view kScrollTime = "1m";
constexpr int kFoundCharactersMax = 8191;  // of four bytes each, the longest term that an index takes

std::unexpected<Error> refused(const std::string& index, std::string_view why) {
  return fail(Treatment::reject, ErrorCode::schema_mismatch, fmt::format("a document for the search index {} {}", index, why));
}

/// On one line: a line break ends a part of a bulk.
Result<std::string> object_line(const std::string& index, const std::string& json, std::string_view why) {
  const auto document = JsonDocument::parse(json);
  if (!document || !document->root().is_object()) return refused(index, why);
  return document->root().compact();
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view part = bytes.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= part.size() ? kDigits[bits >> (18 - 6 * k) & 63u] : '=';
  }
  return text;
}

/// A text in a field is one thing by itself (`keyword`), taken apart into words (`text`), or both; the second form then has a name of its own, which is
/// `keyword` by default and `raw` in the platform's mappings. A document with the very text fits one of these whatever the field is.
void append_term(const DocumentTerm& term, JsonWriter& out) {
  out.open_object().name("bool").open_object().name("minimum_should_match").integer(1).name("should").open_array();
  for (const auto* form : {".keyword", ".raw"}) {
    out.open_object().name("term").open_object().name(term.field + form).text(term.value).close_object().close_object();
  }
  out.open_object().name("match").open_object().name(term.field).open_object();
  out.name("query").text(term.value).name("operator").text("and").name("zero_terms_query").text("all").name("lenient").boolean(true);
  out.close_object().close_object().close_object();
  out.close_array().close_object().close_object();
}

}  // namespace

Result<void> check_index_name(const std::string& index) {
  const bool usable = !index.empty() && index.size() <= 255 && index.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos &&
                      !std::string_view("-_").contains(index.front()) && index != "." && index != "..";
  if (usable) return {};
  return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("\"{}\" cannot be the name of a search index", index));
}

Result<void> check_document(const DocumentId& document) {
  if (const auto checked = check_index_name(document.index); !checked) return checked;
  if (document.id.empty()) return refused(document.index, "has an empty id");
  return {};
}

Request read_request(std::span<const DocumentId> documents) {
  Request request{.method = "POST", .path = "/_mget", .body = {}};
  JsonWriter out(request.body);
  out.open_object().name("docs").open_array();
  for (const DocumentId& document : documents) out.open_object().name("_index").text(document.index).name("_id").text(document.id).close_object();
  out.close_array().close_object();
  return request;
}

Result<std::string> lines_of(const DocumentUpdate& update) {
  const auto& [index, id] = update.document;
  if (const auto checked = check_document(update.document); !checked) return std::unexpected(checked.error());
  const auto fields = object_line(index, update.fields, "is to be changed by something that is no JSON object");
  if (!fields) return std::unexpected(fields.error());
  if (id.size() > kDocumentIdBytesMax) return "";
  std::string lines;
  JsonWriter action(lines);
  action.open_object().name("update").open_object().name("_index").text(index).name("_id").text(id);
  action.name("if_seq_no").integer(update.version.sequence).name("if_primary_term").integer(update.version.term).close_object().close_object();
  lines += '\n';
  JsonWriter(lines).open_object().name("doc").raw(*fields).close_object();
  return lines += '\n';
}

Result<std::string> lines_of(const NewDocument& document) {
  const auto& [index, id] = document.document;
  if (const auto checked = check_document(document.document); !checked) return std::unexpected(checked.error());
  if (id.size() > kDocumentIdBytesMax) return refused(index, fmt::format("has an id of more than {} bytes", kDocumentIdBytesMax));
  const auto line = object_line(index, document.source, "is no JSON object");
  if (!line) return std::unexpected(line.error());
  std::string lines;
  JsonWriter(lines).open_object().name("index").open_object().name("_index").text(index).name("_id").text(id).close_object().close_object();
  return lines + '\n' + *line + '\n';
}

Request bulk_request(std::string lines, Shown shown, std::chrono::seconds server_timeout) {
  return {.method = "POST",
          .path = fmt::format("/_bulk?refresh={}&timeout={}s", shown == Shown::at_once ? "true" : "wait_for", server_timeout.count()),
          .body = std::move(lines)};
}

Request search_request(const std::string& index, std::span<const DocumentTerm> terms, std::size_t page_documents) {
  Request request{.method = "POST", .path = fmt::format("/{}/_search?scroll={}&allow_partial_search_results=false", index, kScrollTime), .body = {}};
  JsonWriter out(request.body);
  out.open_object().name("size").integer(static_cast<std::int64_t>(page_documents));
  out.name("sort").open_array().text("_doc").close_array();
  out.name("track_total_hits").boolean(true).name("seq_no_primary_term").boolean(true);
  out.name("query").open_object().name("bool").open_object().name("filter").open_array();
  for (const DocumentTerm& term : terms) append_term(term, out);
  out.close_array().close_object().close_object().close_object();
  return request;
}

Request page_request(const std::string& scroll_id) {
  Request request{.method = "POST", .path = "/_search/scroll", .body = {}};
  JsonWriter(request.body).open_object().name("scroll").text(kScrollTime).name("scroll_id").text(scroll_id).close_object();
  return request;
}

Request end_of_search_request(const std::string& scroll_id) {
  Request request{.method = "DELETE", .path = "/_search/scroll", .body = {}};
  JsonWriter(request.body).open_object().name("scroll_id").text(scroll_id).close_object();
  return request;
}

Request exists_request(const std::string& index) { return {.method = "HEAD", .path = "/" + index, .body = {}}; }

Request create_request(const std::string& index) {
  return {
      .method = "PUT",
      .path = "/" + index,
      .body = fmt::format(
          R"({{"settings":{{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"100ms"}},"mappings":{{"date_detection":false,"dynamic_templates":)"
          R"([{{"texts":{{"match_mapping_type":"string","mapping":{{"type":"keyword","ignore_above":{}}}}}}}]}}}})",
          kFoundCharactersMax)};
}

Request remove_request(const std::string& index) { return {.method = "DELETE", .path = "/" + index, .body = {}}; }
Request refresh_request(const std::string& index) { return {.method = "POST", .path = "/" + index + "/_refresh", .body = {}}; }

std::string base_url(std::string_view server, bool tls) { return fmt::format("{}://{}", tls ? "https" : "http", server); }

std::vector<Header> headers_of(const ElasticsearchOptions& options) {
  std::vector<Header> headers{{.name = "Content-Type", .value = "application/json"}};
  if (!options.api_key.empty()) {
    headers.push_back({.name = "Authorization", .value = "ApiKey " + (options.api_key.contains(':') ? base64(options.api_key) : options.api_key)});
  } else if (!options.user.empty()) {
    headers.push_back({.name = "Authorization", .value = "Basic " + base64(options.user + ':' + options.password)});
  }
  return headers;
}

}  // namespace lernd::elasticsearch
