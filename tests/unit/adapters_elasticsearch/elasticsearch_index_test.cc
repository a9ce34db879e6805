#include "adapters/elasticsearch/elasticsearch_index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <nlohmann/json.hpp>

namespace lernd {
namespace {

using nlohmann::json;

Error no_connection() { return {Treatment::retry, ErrorCode::unavailable, "search index at h: no connection"}; }
Error answer_too_large() { return {Treatment::reject, ErrorCode::bad_answer, "search index at h: the answer is larger than 8 bytes"}; }

/// An HTTP client that answers from a function and keeps what it was asked.
class ScriptedClient final : public HttpClient {
 public:
  using Answer = std::function<Result<HttpAnswer>(const HttpQuery&)>;
  ScriptedClient(Answer answer, std::vector<HttpQuery>& asked) : answer_(std::move(answer)), asked_(asked) {}

  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    std::vector<Result<HttpAnswer>> answers;
    for (const HttpQuery& query : queries) {
      asked_.push_back(query);
      answers.push_back(answer_(query));
    }
    return answers;
  }

 private:
  Answer answer_;
  std::vector<HttpQuery>& asked_;
};

class ElasticsearchIndexTest : public testing::Test {
 protected:
  std::unique_ptr<SearchIndex> index(ScriptedClient::Answer answer, ElasticsearchOptions options = {}) {
    return make_elasticsearch_index(std::move(options), std::make_unique<ScriptedClient>(std::move(answer), asked_));
  }

  /// Requests whose URL contains this.
  std::vector<HttpQuery> asked(std::string_view part) const {
    std::vector<HttpQuery> found;
    for (const HttpQuery& query : asked_) {
      if (query.url.contains(part)) found.push_back(query);
    }
    return found;
  }

  std::vector<HttpQuery> asked_;
};

/// What a server says that has every document asked for, and takes every update.
HttpAnswer willing(const HttpQuery& query) {
  json answer = json::object();
  if (query.url.contains("/_mget")) {
    answer["docs"] = json::array();
    const auto body = json::parse(query.body);
    for (const auto& document : body.at("docs")) {
      answer["docs"].push_back(
          {{"_index", "i"}, {"_id", document.at("_id")}, {"found", true}, {"_seq_no", 1}, {"_primary_term", 1}, {"_source", {{"of", document.at("_id")}}}});
    }
  } else if (query.url.contains("/_bulk")) {
    answer["items"] = json::array();
    std::size_t from = 0;
    for (bool action = true; from < query.body.size(); action = !action) {
      const auto end = query.body.find('\n', from);
      const auto line = json::parse(query.body.substr(from, end - from));
      if (action) answer["items"].push_back({{line.begin().key(), {{"_index", "i"}, {"_id", line.begin().value().at("_id")}, {"status", 200}}}});
      from = end + 1;
    }
  }
  return {.status = 200, .body = answer.dump()};
}

std::vector<DocumentId> ids(int count) {
  std::vector<DocumentId> documents;
  for (int i = 0; i < count; ++i) documents.push_back({.index = "i", .id = std::to_string(i)});
  return documents;
}

std::vector<DocumentUpdate> updates(int count, const std::string& fields = R"({"a":"b"})") {
  std::vector<DocumentUpdate> all;
  for (const DocumentId& id : ids(count)) all.push_back({.document = id, .fields = fields, .version = {1, 1}});
  return all;
}

template <class T>
void expect_all_good(const std::vector<Result<T>>& results, std::size_t count) {
  ASSERT_EQ(results.size(), count);
  for (const auto& result : results) EXPECT_TRUE(result) << (result ? "" : result.error().text);
}

TEST_F(ElasticsearchIndexTest, ReadsAreCutByCount) {
  const auto documents = ids(25);
  const auto results = index(willing, {.read_documents_max = 10})->read(documents);
  expect_all_good(results, 25);
  for (std::size_t i = 0; i < 25 && results[i]; ++i) EXPECT_EQ(results[i]->source, fmt::format(R"({{"of":"{}"}})", i));
  EXPECT_EQ(asked_.size(), 3u);
}

TEST_F(ElasticsearchIndexTest, UpdatesAreCutByBytes) {
  const auto all = updates(10, fmt::format(R"({{"a":"{}"}})", std::string(300, 'x')));
  expect_all_good(index(willing, {.request_bytes_max = 1000})->update(all), 10);
  const auto bulks = asked("/_bulk");
  EXPECT_EQ(bulks.size(), 5u);
  for (const auto& bulk : bulks) EXPECT_LE(bulk.body.size(), 1000u);
  const auto large = updates(2, fmt::format(R"({{"a":"{}"}})", std::string(3000, 'x')));
  expect_all_good(index(willing, {.request_bytes_max = 1000})->update(large), 2);
  EXPECT_EQ(asked("/_bulk").size(), 7u) << "one that is larger by itself goes alone";
}

TEST_F(ElasticsearchIndexTest, AnUpdateLooksForItsIndexFirst) {
  const auto search = index([](const HttpQuery& query) -> Result<HttpAnswer> {
    if (query.method == "HEAD") return HttpAnswer{.status = query.url.ends_with("/gone") ? 404 : 200};
    return willing(query);
  });
  auto all = updates(3);
  all[1].document.index = "gone";
  const auto results = search->update(all);
  EXPECT_EQ(results[0], true);
  ASSERT_FALSE(results[1]);
  EXPECT_EQ(results[1].error().code, ErrorCode::not_found);
  EXPECT_TRUE(results[1].error().text.contains("gone"));
  EXPECT_EQ(results[2], true);
  EXPECT_EQ(asked("/i").size(), 1u) << "once for all of them";
  EXPECT_FALSE(asked("/_bulk").at(0).body.contains("gone"));
}

TEST_F(ElasticsearchIndexTest, APieceThatIsTooLargeIsDivided) {
  for (const bool in_the_answer : {false, true}) {
    asked_.clear();
    const auto search = index([&](const HttpQuery& query) -> Result<HttpAnswer> {
      const auto answer = willing(query);
      const auto items = query.method == "HEAD" ? 0 : json::parse(answer.body).begin().value().size();
      if (items <= 3) return answer;
      if (in_the_answer) return std::unexpected(answer_too_large());
      return HttpAnswer{.status = 413, .body = "<html>"};
    });
    expect_all_good(search->read(ids(10)), 10);
    EXPECT_EQ(asked("/_mget").size(), 7u);
    expect_all_good(search->update(updates(10)), 10);
  }
}

TEST_F(ElasticsearchIndexTest, ADocumentThatIsTooLargeByItselfIsRejected) {
  const auto search = index([](const HttpQuery& query) -> Result<HttpAnswer> {
    if (query.body.contains("\"7\"")) return std::unexpected(answer_too_large());
    return willing(query);
  });
  const auto results = search->read(ids(10));
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(results[i].has_value(), i != 7) << i;
  EXPECT_EQ(results[7].error().treatment, Treatment::reject);
}

TEST_F(ElasticsearchIndexTest, ARequestThatIsRefusedForOneItemSparesTheOthers) {
  const auto search = index([](const HttpQuery& query) -> Result<HttpAnswer> {
    if (query.body.contains("\"7\"")) return HttpAnswer{.status = 400, .body = R"({"error":{"type":"action_request_validation_exception","reason":"7"}})"};
    return willing(query);
  });
  const auto results = search->update(updates(10));
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(results[i].has_value(), i != 7) << i;
  EXPECT_EQ(results[7].error().treatment, Treatment::reject);
}

TEST_F(ElasticsearchIndexTest, AServerThatFailsIsLeftForTheNext) {
  const auto search = index(
      [](const HttpQuery& query) -> Result<HttpAnswer> {
        if (query.url.starts_with("http://a:1/") || query.url.starts_with("http://b:2/")) return std::unexpected(no_connection());
        return willing(query);
      },
      {.servers = {"a:1", "b:2", "c:3"}, .read_documents_max = 1});
  expect_all_good(search->read(ids(2)), 2);
  EXPECT_EQ(asked_.size(), 6u) << "two requests at three servers";
  asked_.clear();
  expect_all_good(search->read(ids(2)), 2);
  EXPECT_EQ(asked_.size(), 2u) << "the one that worked is remembered";
}

TEST_F(ElasticsearchIndexTest, AServerThatIsLeftAloneIsPassedOver) {
  const auto search = index(
      [](const HttpQuery& query) -> Result<HttpAnswer> {
        if (query.service.ends_with(" 1")) return fail(Treatment::retry, ErrorCode::service_away, "it failed again and again");
        return willing(query);
      },
      {.servers = {"a:1", "b:2"}});
  expect_all_good(search->read(ids(2)), 2);
  EXPECT_EQ(asked_.back().service, "search index server 2");
}

TEST_F(ElasticsearchIndexTest, WithoutAnyServerEachIsAskedOnce) {
  const auto search = index([](const HttpQuery&) -> Result<HttpAnswer> { return std::unexpected(no_connection()); }, {.servers = {"a:1", "b:2"}});
  const auto results = search->read(ids(1));
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().treatment, Treatment::retry);
  EXPECT_TRUE(results[0].error().text.contains("es.basePath")) << results[0].error().text;
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(ElasticsearchIndexTest, OnlyWhatHadNoAnswerIsAskedAgain) {
  const auto search = index(
      [](const HttpQuery& query) -> Result<HttpAnswer> {
        if (query.url.starts_with("http://a:1/") && query.body.contains("\"1\"")) return std::unexpected(no_connection());
        return willing(query);
      },
      {.servers = {"a:1", "b:2"}, .read_documents_max = 1});
  expect_all_good(search->read(ids(3)), 3);
  EXPECT_EQ(asked("http://b:2").size(), 1u);
}

TEST_F(ElasticsearchIndexTest, ARefusalIsAnAnswer) {
  const auto search = index([](const HttpQuery&) -> Result<HttpAnswer> { return HttpAnswer{.status = 503}; }, {.servers = {"a:1", "b:2"}});
  EXPECT_FALSE(search->read(ids(1))[0]);
  EXPECT_EQ(asked("http://b:2").size(), 0u);
}

TEST_F(ElasticsearchIndexTest, NoServerAtAllIsFatal) {
  const auto results = index(willing, {.servers = {}})->read(ids(1));
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().treatment, Treatment::fatal);
  EXPECT_TRUE(results[0].error().text.contains("`es.basePath`"));
}

/// A search with `total` documents, `per_page` of them a page whatever was asked for.
ScriptedClient::Answer pages(int total, std::size_t per_page, int announced) {
  return [=, sent = 0](const HttpQuery& query) mutable -> Result<HttpAnswer> {
    if (query.method == "DELETE") return HttpAnswer{.status = 200, .body = "{}"};
    if (query.url.contains("_search?")) {
      sent = 0;
      if (json::parse(query.body).at("size") > per_page) return std::unexpected(answer_too_large());
    }
    json hits = json::array();
    for (std::size_t i = 0; i < per_page && sent < total; ++i, ++sent) {
      hits.push_back({{"_id", std::to_string(1000 - sent)}, {"_seq_no", 1}, {"_primary_term", 1}, {"_source", {{"by", sent % 2 == 0 ? "u" : "v"}}}});
    }
    return HttpAnswer{.status = 200,
                      .body = json{{"_scroll_id", fmt::format("s{}", sent)}, {"hits", {{"total", {{"value", announced}}}, {"hits", hits}}}}.dump()};
  };
}

TEST_F(ElasticsearchIndexTest, ASearchGoesThroughItsPagesAndIsClosed) {
  const auto found = index(pages(25, 10, 25), {.page_documents = 10})->search("i", {});
  ASSERT_TRUE(found) << found.error().text;
  ASSERT_EQ(found->size(), 25u);
  EXPECT_EQ(found->front().first, "1000") << "sorted by id as text";
  EXPECT_EQ(found->back().first, "999");
  ASSERT_EQ(asked("/_search/scroll").size(), 3u);
  EXPECT_EQ(json::parse(asked_.at(1).body).at("scroll_id"), "s10");
  EXPECT_EQ(asked_.back().method, "DELETE");
  EXPECT_EQ(json::parse(asked_.back().body).at("scroll_id"), "s25");
}

TEST_F(ElasticsearchIndexTest, WhatDoesNotFitIsLeftOut) {
  const std::vector<DocumentTerm> terms{{"by", "u"}};
  const auto found = index(pages(9, 10, 9), {.page_documents = 10})->search("i", terms);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 5u);
}

TEST_F(ElasticsearchIndexTest, PagesThatAreTooLargeBecomeSmaller) {
  const auto found = index(pages(25, 10, 25), {.page_documents = 1000})->search("i", {});
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_EQ(found->size(), 25u);
  EXPECT_EQ(asked("_search?").size(), 4u) << "1000, 125, 15, 1";
  const auto hopeless = index(pages(25, 0, 25), {.page_documents = 1000})->search("i", {});
  ASSERT_FALSE(hopeless);
  EXPECT_EQ(hopeless.error().treatment, Treatment::reject);
}

TEST_F(ElasticsearchIndexTest, ASearchThatDoesNotGiveWhatItAnnouncedIsABadAnswerAndIsClosed) {
  for (const int announced : {24, 26}) {
    const auto found = index(pages(25, 10, announced), {.page_documents = 10})->search("i", {});
    ASSERT_FALSE(found) << announced;
    EXPECT_EQ(found.error().code, ErrorCode::bad_answer);
    EXPECT_EQ(asked_.back().method, "DELETE");
  }
}

TEST_F(ElasticsearchIndexTest, AnIndexThatSomebodyElseMadeMeanwhileIsThere) {
  const auto search = index([](const HttpQuery& query) -> Result<HttpAnswer> {
    if (query.method == "PUT") return HttpAnswer{.status = 400, .body = R"({"error":{"type":"resource_already_exists_exception"}})"};
    return HttpAnswer{.status = 200};
  });
  EXPECT_TRUE(search->create("i"));
}

TEST_F(ElasticsearchIndexTest, NamesThatStandForSeveralIndicesAreNeverSent) {
  const auto search = index(willing);
  for (const auto* name : {"*", "_all", "a,b", ""}) {
    EXPECT_FALSE(search->remove(name)) << name;
    EXPECT_FALSE(search->exists(name)) << name;
    EXPECT_FALSE(search->search(name, {})) << name;
    EXPECT_FALSE(search->refresh(name)) << name;
    const DocumentId document{.index = name, .id = "1"};
    EXPECT_FALSE(search->read(std::span(&document, 1))[0]) << name;
  }
  EXPECT_TRUE(asked_.empty());
}

}  // namespace
}  // namespace lernd
