#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "ports/http_client.h"
#include "ports/search_index.h"

namespace lernd {

struct ElasticsearchOptions {
  std::vector<std::string> servers{"localhost:9200"};  ///< of one cluster, as `host:port`; one that fails is left for the next
  bool tls = false;
  std::string user;  ///< empty: none
  std::string password;
  std::string api_key;                      ///< as Elasticsearch shows it (`encoded`), or `id:key`; stands in for the user
  std::chrono::seconds server_timeout{10};  ///< how long a server waits for shards that are away before it says so
  std::size_t request_bytes_max = 5u << 20;
  std::size_t read_documents_max = 256;  ///< of one request
  std::size_t page_documents = 1000;     ///< of one page of a search
};

/// Search indices on Elasticsearch 7 or OpenSearch 2, over the REST interface that both have.
///
/// Reads go out as `_mget`, updates as `_bulk` guarded by sequence number and term, in pieces that are sent at once. An update returns when searches see it
/// (`refresh=wait_for`), so the client's total time-out must be longer than the index's `refresh_interval`. A piece that is too large for the server, or whose
/// answer is too large for the client, is divided.
///
/// A request that gets no answer goes to each of the other servers once; which one worked is remembered. An update whose answer was lost cannot then be
/// told from a change by somebody else: it gives false.
///
/// `search` scrolls to the end. What it finds is compared with the documents themselves, so it is right for texts that the index takes apart, those in lists,
/// and those with a `.keyword` or `.raw` beside them. `create` makes one shard without replicas and with frequent
/// refreshes; texts of more than 8191 characters are kept there, but not found.
///
/// Threads     as the port says; the object holds no thread.
/// Errors      as the port says: `fatal`/`not_found` names the index and `es.basePath`, `fatal`/`unauthorized` the options of the login,
///             `retry`/`service_away` is an index that is closed or read-only, or without its shards, or a server that says it is overloaded or cannot serve;
///             `retry`/`bad_answer` is an answer that does not fit the request. Texts hold index,
///             server, status and the type of a refusal, never its reason (which may quote a document), an id or a secret.
/// Source      user-ownership-transfer.md sections 7 and 10.12.
std::unique_ptr<SearchIndex> make_elasticsearch_index(ElasticsearchOptions options, std::unique_ptr<HttpClient> http);

}  // namespace lernd
