#include "adapters/elasticsearch/elasticsearch_requests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lernd::elasticsearch {
namespace {

using nlohmann::json;

DocumentId batch(const std::string& id) { return {.index = "course-batch", .id = id}; }

std::string header(const ElasticsearchOptions& options, std::string_view name) {
  for (const Header& header : headers_of(options)) {
    if (header.name == name) return header.value;
  }
  return "";
}

TEST(ElasticsearchRequests, AReadNamesEveryDocument) {
  const std::vector<DocumentId> documents{batch("1"), {.index = "other", .id = "\"2\"\n"}};
  const Request request = read_request(documents);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/_mget");
  EXPECT_EQ(json::parse(request.body), json::parse(R"({"docs":[{"_index":"course-batch","_id":"1"},{"_index":"other","_id":"\"2\"\n"}]})"));
}

TEST(ElasticsearchRequests, AnUpdateIsTwoLinesAndGuarded) {
  const auto lines = lines_of(DocumentUpdate{batch("1"), "{\n \"createdBy\" : \"a\\nb\"\n}", {.sequence = 7, .term = 3}});
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines,
            "{\"update\":{\"_index\":\"course-batch\",\"_id\":\"1\",\"if_seq_no\":7,\"if_primary_term\":3}}\n"
            "{\"doc\":{\"createdBy\":\"a\\nb\"}}\n");
  EXPECT_EQ(lines_of(DocumentUpdate{batch(std::string(513, 'x')), "{}", {}}), "") << "nobody can have that id";
}

TEST(ElasticsearchRequests, ADocumentIsTwoLines) {
  const auto lines = lines_of(NewDocument{batch("1"), "{\"a\":\r\n1}"});
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines, "{\"index\":{\"_index\":\"course-batch\",\"_id\":\"1\"}}\n{\"a\":1}\n");
}

TEST(ElasticsearchRequests, WhatIsNoObjectIsRejectedWithoutQuotingIt) {
  for (const auto* fields : {"", "null", "[1]", "\"marked\"", "{\"marked\":", "{}{\"marked\":1}"}) {
    for (const auto& lines : {lines_of(DocumentUpdate{batch("1"), fields, {}}), lines_of(NewDocument{batch("1"), fields})}) {
      ASSERT_FALSE(lines) << fields;
      EXPECT_EQ(lines.error().treatment, Treatment::reject);
      EXPECT_FALSE(lines.error().text.contains("marked")) << lines.error().text;
      EXPECT_TRUE(lines.error().text.contains("course-batch")) << lines.error().text;
    }
  }
  EXPECT_EQ(lines_of(NewDocument{batch(""), "{}"}).error().treatment, Treatment::reject);
  EXPECT_EQ(lines_of(NewDocument{batch(std::string(513, 'x')), "{}"}).error().treatment, Treatment::reject);
  EXPECT_EQ(lines_of(DocumentUpdate{batch(""), "{}", {}}).error().treatment, Treatment::reject);
}

TEST(ElasticsearchRequests, ABulkWaitsForItsRefresh) {
  EXPECT_EQ(bulk_request("lines", Shown::at_the_next_refresh, std::chrono::seconds(10)),
            (Request{.method = "POST", .path = "/_bulk?refresh=wait_for&timeout=10s", .body = "lines"}));
  EXPECT_EQ(bulk_request("lines", Shown::at_once, std::chrono::seconds(3)).path, "/_bulk?refresh=true&timeout=3s");
}

TEST(ElasticsearchRequests, NamesOfIndicesStandForOneIndex) {
  for (const auto* name : {"course-batch", "a", ".kibana_1", "x.y_z-1"}) EXPECT_TRUE(check_index_name(name)) << name;
  for (const auto* name : {"", "*", "course-*", "a,b", "_all", "-a", "A", "a/b", "a b", "a?b", "..", ".", "<a{now}>", "ü"}) {
    const auto checked = check_index_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().treatment, Treatment::fatal);
  }
  EXPECT_FALSE(check_index_name(std::string(256, 'a')));
}

TEST(ElasticsearchRequests, ASearchAsksForEveryFormOfAField) {
  const std::vector<DocumentTerm> terms{{"createdBy", "u \"1\""}, {"status", "1"}};
  const Request request = search_request("course-batch", terms, 50);
  EXPECT_EQ(request.path, "/course-batch/_search?scroll=1m&allow_partial_search_results=false");
  const auto body = json::parse(request.body);
  EXPECT_EQ(body.at("size"), 50);
  EXPECT_EQ(body.at("seq_no_primary_term"), true);
  EXPECT_EQ(body.at("track_total_hits"), true);
  const auto& filter = body.at("query").at("bool").at("filter");
  ASSERT_EQ(filter.size(), 2u);
  EXPECT_EQ(filter[0].at("bool").at("should"), json::parse(R"([{"term":{"createdBy.keyword":"u \"1\""}},{"term":{"createdBy.raw":"u \"1\""}},
    {"match":{"createdBy":{"query":"u \"1\"","operator":"and","zero_terms_query":"all","lenient":true}}}])"));
  EXPECT_EQ(json::parse(search_request("course-batch", {}, 50).body).at("query").at("bool").at("filter"), json::array());
  EXPECT_EQ(json::parse(page_request("id==").body), json::parse(R"({"scroll":"1m","scroll_id":"id=="})"));
  EXPECT_EQ(end_of_search_request("id==").method, "DELETE");
}

TEST(ElasticsearchRequests, AnIndexIsMadeForWholeTexts) {
  const Request request = create_request("course-batch");
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.path, "/course-batch");
  EXPECT_EQ(json::parse(request.body).at("mappings").at("dynamic_templates")[0].at("texts").at("mapping").at("type"), "keyword");
}

TEST(ElasticsearchRequests, ALoginGoesIntoTheHeader) {
  EXPECT_EQ(header({}, "Authorization"), "");
  EXPECT_EQ(header({.user = "lms", .password = "se:cret"}, "Authorization"), "Basic bG1zOnNlOmNyZXQ=");
  EXPECT_EQ(header({.user = "a", .password = ""}, "Authorization"), "Basic YTo=");
  EXPECT_EQ(header({.user = "ab", .password = "\xc3\xbc"}, "Authorization"), "Basic YWI6w7w=");
  EXPECT_EQ(header({.user = "lms", .api_key = "id:key"}, "Authorization"), "ApiKey aWQ6a2V5") << "the key stands in for the user";
  EXPECT_EQ(header({.api_key = "aWQ6a2V5"}, "Authorization"), "ApiKey aWQ6a2V5");
}

TEST(ElasticsearchRequests, TlsIsAScheme) {
  EXPECT_EQ(base_url("h:9200", false), "http://h:9200");
  EXPECT_EQ(base_url("[::1]:9200", true), "https://[::1]:9200");
}

}  // namespace
}  // namespace lernd::elasticsearch
