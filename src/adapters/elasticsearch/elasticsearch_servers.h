#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/elasticsearch/elasticsearch_requests.h"
#include "ports/http_client.h"

namespace lernd::elasticsearch {

/// The servers of a cluster, any of which answers any request.
///
/// Any status is an answer. A request that gets none goes to each of the others once; the one that comes after a server that failed is asked first from then
/// on.
class Servers {
 public:
  Servers(const ElasticsearchOptions& options, std::unique_ptr<HttpClient> http);

  std::vector<Result<HttpAnswer>> call(std::span<const Request> requests);
  Result<HttpAnswer> call(const Request& request) { return std::move(call(std::span(&request, 1)).front()); }

 private:
  struct Server {
    std::string name;  ///< a service of its own
    std::string url;
  };

  std::vector<Server> servers_;
  std::vector<Header> headers_;
  std::unique_ptr<HttpClient> http_;
  std::size_t current_ = 0;  ///< of `servers_`, that is asked first
};

/// Whether the answer, or the request, was too large to be taken: asked for less at a time it may pass.
bool is_too_large(const Result<HttpAnswer>& answer);

}  // namespace lernd::elasticsearch
