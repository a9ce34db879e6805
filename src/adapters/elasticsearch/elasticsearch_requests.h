#pragma once

#include <span>
#include <string>
#include <string_view>

#include "adapters/elasticsearch/elasticsearch_index.h"
#include "core/ask.h"
#include "core/error.h"
#include "ports/search_index.h"

namespace lernd::elasticsearch {

/// A request to whichever server of the cluster.
struct Request {
  std::string method;
  std::string path;  ///< with the query
  std::string body;
  bool operator==(const Request&) const = default;
};

/// Errors  `fatal`/`invalid_option` for a name that no index has, or that would stand for several.
Result<void> check_index_name(const std::string& index);
/// The same of its index. Errors: `reject` for an empty id too.
Result<void> check_document(const DocumentId& document);

Request read_request(std::span<const DocumentId> documents);

/// The two lines of an update in the body of a bulk; empty when no document has such an id. Errors: `reject` when the fields are no JSON object.
Result<std::string> lines_of(const DocumentUpdate& update);
/// The two lines of a document to be stored. Errors: `reject` when it has no usable id or is no JSON object.
Result<std::string> lines_of(const NewDocument& document);

enum class Shown {
  at_the_next_refresh,  ///< the answer waits until searches see the changes
  at_once,
};
Request bulk_request(std::string lines, Shown shown, std::chrono::seconds server_timeout);

/// The first page of a search that finds every document that fits, and perhaps others: those that `fits` does not confirm.
Request search_request(const std::string& index, std::span<const DocumentTerm> terms, std::size_t page_documents);
Request page_request(const std::string& scroll_id);
Request end_of_search_request(const std::string& scroll_id);

Request exists_request(const std::string& index);
Request create_request(const std::string& index);
Request remove_request(const std::string& index);
Request refresh_request(const std::string& index);

/// `http://host:port`.
std::string base_url(std::string_view server, bool tls);
/// The headers of every request.
std::vector<Header> headers_of(const ElasticsearchOptions& options);

}  // namespace lernd::elasticsearch
