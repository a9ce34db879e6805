#include "jobs/user_ownership_transfer/batch_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/json.h"
#include "jobs/service_call.h"

namespace lernd::user_ownership_transfer {
namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
/// So many pages are asked for at once at most.
constexpr std::size_t kPagesAheadMax = 256;

std::string_view name_of(Part part) { return part == Part::creator ? "created" : "mentored"; }

struct Page {
  double count = 0;              ///< all matches, over all pages
  std::size_t entries = 0;       ///< here, readable or not
  std::vector<BatchId> batches;  ///< the readable ones
};

Page page_in(JsonView response) {
  Page page;
  page.count = response.find("count").value_or(JsonView()).number().value_or(0);
  for (const JsonView entry : response.find("content").value_or(JsonView()).items()) {
    ++page.entries;
    const auto batch = entry.find("batchId").value_or(JsonView()).text().value_or("");
    const auto course = entry.find("courseId").value_or(JsonView()).text().value_or("");
    if (!batch.empty() && !course.empty()) page.batches.push_back({std::string(course), std::string(batch)});
  }
  return page;
}

/// What the course service would never send: something in between has answered.
bool is_no_page(const HttpAnswer& answer) {
  if (answer.status != kOk) return false;
  const auto document = JsonDocument::parse(answer.body);
  return !document || !document->root().is_object();
}

std::expected<Page, Reject> read_page(const HttpAnswer& answer, Part part) {
  if (answer.status != kOk) {
    return std::unexpected(Reject{
        .error = {Treatment::retry, ErrorCode::bad_answer, fmt::format("the search for {} batches answers with status {}", name_of(part), answer.status)},
        .counts = {},
        .own_fault = answer.status == kBadRequest && service_answer(answer).has_value()});
  }
  const auto document = JsonDocument::parse(answer.body);
  if (!document || !document->root().is_object()) {
    return std::unexpected(Reject{
        .error = {Treatment::retry, ErrorCode::bad_answer,
                  fmt::format("the search for {} batches answers with status 200 and something that is no answer of the platform; check service.lms.basePath "
                              "and batch_search_api",
                              name_of(part))},
        .counts = {}});
  }
  return page_in(document->root().find("result").value_or(JsonView()).find("response").value_or(JsonView()));
}

/// What the pages up to one have brought.
struct Paging {
  double told = 0;             ///< the most matches that any page counts: one that counts fewer may not have looked everywhere
  std::size_t received = 0;    ///< entries
  std::size_t unreadable = 0;  ///< entries among them
  std::size_t page = 0;        ///< entries of the last page

  void add(const Page& one) {
    told = std::max(told, one.count);
    received += one.entries;
    unreadable += one.entries - one.batches.size();
    page = one.entries;
  }
  bool more() const { return static_cast<double>(received) < told; }
};

/// One page and those that probably lie behind it.
void ask_on(const Options& options, Part part, const std::string& user_id, const Paging& paging, std::size_t known, const Facts& facts, Ask& ask) {
  const std::size_t pages = std::clamp<std::size_t>(known, 1, kPagesAheadMax);
  for (std::size_t i = 0; i < pages; ++i) {
    const std::size_t offset = paging.received + i * paging.page;
    if (i > 0 && static_cast<double>(offset) >= paging.told) return;
    facts.http(search_query(options, part, user_id, offset), ask);
  }
}

}  // namespace

HttpQuery search_query(const Options& options, Part part, const std::string& user_id, std::size_t offset) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("request").open_object().name("filters").open_object();
  if (part == Part::creator) {
    json.name("createdBy").text(user_id);
  } else {
    json.name("mentors").open_array().text(user_id).close_array();
  }
  json.name("status").open_array().integer(0).integer(1).close_array().close_object();
  json.name("fields").open_array();
  for (const std::string_view field : {"identifier", "createdFor", "batchId", "courseId", "startDate", "enrollmentType"}) json.text(field);
  if (part == Part::mentor) json.text("mentors");
  json.close_array();
  if (offset > 0) json.name("offset").integer(static_cast<std::int64_t>(offset));
  json.close_object().close_object();
  return {.service = std::string(kCourseService),
          .method = "POST",
          .url = options.search_url,
          .headers = {{"Content-Type", "application/json"}},
          .body = std::move(body),
          .failure = is_no_page};
}

Listing list_batches(Part part, const std::string& user_id, const Facts& facts, const Options& options, Ask& ask) {
  Listing listing;
  std::set<BatchId> seen;
  Paging paging;
  for (std::size_t known = 0;; ++known) {
    Ask first;
    const HttpAnswer* answer = facts.http(search_query(options, part, user_id, paging.received), first);
    if (answer == nullptr) {
      ask_on(options, part, user_id, paging, known, facts, ask);
      return listing;
    }
    const auto page = read_page(*answer, part);
    if (!page) {
      listing.fault = page.error();
      return listing;
    }
    paging.add(*page);
    const std::size_t before = listing.batches.size();
    for (const BatchId& batch : page->batches) {
      if (seen.insert(batch).second) listing.batches.push_back(batch);
    }
    if (!paging.more() || listing.batches.size() == before) {
      listing.short_of_count = static_cast<double>(listing.batches.size() + paging.unreadable) < paging.told;
      return listing;
    }
  }
}

}  // namespace lernd::user_ownership_transfer
