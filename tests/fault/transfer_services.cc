#include "fault/transfer_services.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fault/index_gate.h"
#include "support/must.h"

namespace lernd {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kAccounts = "/users/private/user/v1/read/";
constexpr std::string_view kSearch = "/courses/v1/course/batch/search";
constexpr std::size_t kPage = 30;
constexpr std::size_t kShortPage = 7;
constexpr std::size_t kMore = 50;

StubReply answer_of(const Json& response) { return {.status = 200, .body = Json{{"responseCode", "OK"}, {"result", {{"response", response}}}}.dump()}; }

/// The question of the course service to the index.
Json question(const Json& asked, std::size_t from, std::size_t size, bool backwards) {
  Json filters = Json::array();
  for (const auto& [field, value] : asked.at("filters").items()) filters.push_back({{value.is_array() ? "terms" : "term", {{field, value}}}});
  return {{"from", from},
          {"size", size},
          {"sort", {{{"batchId", backwards ? "desc" : "asc"}}}},
          {"track_total_hits", true},
          {"query", {{"bool", {{"filter", filters}}}}},
          {"_source", asked.at("fields")}};
}

}  // namespace

TransferServices::TransferServices(std::string index, std::map<std::string, std::string> organisations)
    : index_(std::move(index)), organisations_(std::move(organisations)) {
  server_ = must(StubServer::start([this](const StubRequest& request) { return reply(request); }));
}

std::string TransferServices::users_url() const { return fmt::format("http://127.0.0.1:{}/users", server_->port()); }
std::string TransferServices::courses_url() const { return fmt::format("http://127.0.0.1:{}/courses", server_->port()); }

StubReply TransferServices::reply(const StubRequest& request) const {
  if (request.path.starts_with(kAccounts)) return account(request.path.substr(kAccounts.size()));
  if (request.path == kSearch) return batches(request.body);
  return {.status = 404, .body = ""};
}

StubReply TransferServices::account(const std::string& id) const {
  const auto found = organisations_.find(id);
  if (found == organisations_.end()) return {.status = 404, .body = R"({"responseCode":"RESOURCE_NOT_FOUND","result":{}})"};
  return answer_of({{"identifier", id}, {"rootOrgId", found->second}, {"firstName", "F"}});
}

StubReply TransferServices::batches(const std::string& body) const {
  const BatchSearch how = how_;
  if (how == BatchSearch::unavailable) return {.status = 503, .body = "<html>no upstream</html>"};
  if (how == BatchSearch::broken) return {.status = 500, .body = R"({"responseCode":"SERVER_ERROR","result":{}})"};
  if (how == BatchSearch::garbage) return {.status = 200, .body = "<html>maintenance</html>"};
  const Json asked = Json::parse(body).at("request");
  const auto offset = asked.value("offset", std::size_t{0});
  const std::size_t from = how == BatchSearch::repeats ? 0 : offset;
  const std::size_t size = how == BatchSearch::short_pages ? kShortPage : how == BatchSearch::empty_page && offset > 0 ? 0 : kPage;
  const auto answer = ask_index(index_, "POST", "/course-batch/_search", question(asked, from, size, how == BatchSearch::reorders && offset > 0).dump());
  if (!answer || answer->status != 200) return {.status = 500, .body = R"({"responseCode":"SERVER_ERROR","result":{}})"};
  const Json hits = Json::parse(answer->body).at("hits");
  auto count = hits.at("total").at("value").get<std::size_t>();
  if (how == BatchSearch::counts_more && count > 0) count += kMore;
  if (how == BatchSearch::total_shrinks && offset > 0) count = std::min(count, offset);
  if (how == BatchSearch::total_grows) count = std::min(count, offset + kPage + 1);
  Json content = Json::array();
  for (const Json& hit : hits.at("hits")) content.push_back(hit.at("_source"));
  return answer_of({{"count", count}, {"content", content}});
}

}  // namespace lernd
