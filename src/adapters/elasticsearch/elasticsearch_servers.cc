#include "adapters/elasticsearch/elasticsearch_servers.h"

#include <fmt/format.h>

#include <numeric>

namespace lernd::elasticsearch {
namespace {

constexpr int kPayloadTooLarge = 413;

}  // namespace

Servers::Servers(const ElasticsearchOptions& options, std::unique_ptr<HttpClient> http) : headers_(headers_of(options)), http_(std::move(http)) {
  for (const std::string& server : options.servers) {
    // Whoever counts the failures of a service must not take one server for another.
    const std::string name = options.servers.size() == 1 ? "search index" : fmt::format("search index server {}", servers_.size() + 1);
    servers_.push_back({.name = name, .url = base_url(server, options.tls)});
  }
}

std::vector<Result<HttpAnswer>> Servers::call(std::span<const Request> requests) {
  const Error none{Treatment::fatal, ErrorCode::invalid_option, "no server of the search index is named: set `es.basePath`"};
  std::vector<Result<HttpAnswer>> answers(requests.size(), std::unexpected(none));
  std::vector<std::size_t> open(requests.size());
  std::iota(open.begin(), open.end(), 0);
  for (std::size_t tries = 0; tries < servers_.size() && !open.empty(); ++tries) {
    const Server& server = servers_[current_];
    std::vector<HttpQuery> queries;
    for (const std::size_t i : open) {
      const Request& request = requests[i];
      queries.push_back({.service = server.name, .method = request.method, .url = server.url + request.path, .headers = headers_, .body = request.body});
    }
    auto round = http_->call(queries);
    std::vector<std::size_t> unanswered;
    for (std::size_t k = 0; k < open.size(); ++k) {
      if (!round[k] && round[k].error().treatment == Treatment::retry) {
        unanswered.push_back(open[k]);
        round[k].error().text += " (`es.basePath`)";
      }
      answers[open[k]] = std::move(round[k]);
    }
    if (!unanswered.empty()) current_ = (current_ + 1) % servers_.size();
    open = std::move(unanswered);
  }
  return answers;
}

bool is_too_large(const Result<HttpAnswer>& answer) {
  if (answer) return answer->status == kPayloadTooLarge;
  return answer.error().treatment == Treatment::reject && answer.error().code == ErrorCode::bad_answer;
}

}  // namespace lernd::elasticsearch
