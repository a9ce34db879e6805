#include "app/vectors/vector_case.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

using nlohmann::json;

json whole_case() {
  return json::parse(R"({
    "name": "n", "job": "j", "description": "d", "config": {"a.b": 1, "c": true, "d": ["x", "y"]},
    "tables": {"k.t": [{"a": 1}]}, "redis": {"10": {"key": ["m"]}}, "search": {"i": [{"_id": "1", "_source": {"x": 1}}]},
    "http": [{"method": "POST", "path": "/p", "match": {"query": "q=1", "body": {"x": 1}, "times": 2}, "response": {"status": 200, "body": {"r": 1}}},
             {"method": "GET", "path": "/f", "response": {"fault": "reset"}}],
    "input": [{"b": 1, "a": 2}, "raw {"],
    "expect": {"tables": {"k.t": []}, "redis": {"10": {}}, "search": {"i": []}, "topics": {"option": []}, "http": [{"method": "POST", "body": {}}], "metrics": {"m": 1}, "failed": [1]},
    "expect_reference": {"anything": 1}})");
}

TEST(VectorCaseTest, ReadsEverySection) {
  const auto read = parse_vector_case(whole_case().dump(), "f.json");
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->config.at("a.b"), "1");
  EXPECT_EQ(read->config.at("c"), "true");
  EXPECT_EQ(read->config.at("d"), "x,y");
  EXPECT_EQ(read->tables.at("k.t").size(), 1u);
  EXPECT_EQ(read->search.at("i").at("1"), (json{{"x", 1}}));
  EXPECT_TRUE(read->expect.search->at("i").empty());
  ASSERT_EQ(read->http.size(), 2u);
  EXPECT_EQ(read->http[0].times, 2);
  EXPECT_EQ(read->http[0].body, R"({"r":1})");
  EXPECT_EQ(read->http[1].fault, HttpStub::Fault::reset);
  EXPECT_EQ(read->input.at(1), "raw {");
  EXPECT_EQ(read->expect.failed, std::vector<std::size_t>{1});
  EXPECT_TRUE(read->expect.http);
}

TEST(VectorCaseTest, SectionsThatAreLeftOutAreNotAsserted) {
  const auto read = parse_vector_case(R"({"name": "n", "job": "j", "input": [], "expect": {}})", "f.json");
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->expect.tables || read->expect.redis || read->expect.search || read->expect.topics || read->expect.http || read->expect.metrics);
}

struct Refused {
  const char* pointer;
  json value;
  const char* says;
};

TEST(VectorCaseTest, RefusesWhatItWouldOtherwisePassOver) {
  for (const auto& refused : {
           Refused{"/searches", json::object(), "unknown member \"searches\""},
           Refused{"/expect/topic", json::object(), "unknown member \"topic\""},
           Refused{"/expect/http/0/status", 200, "unknown member \"status\""},
           Refused{"/http/0/delay", 1, "unknown member \"delay\""},
           Refused{"/http/0/match/header", "x", "unknown member \"header\""},
           Refused{"/http/0/response/headers", json::object(), "unknown member \"headers\""},
           Refused{"/http/1/response/fault", "slow", "none of refused, reset, timeout"},
           Refused{"/http/0/response/status", "200", "no status"},
           Refused{"/http/0/match/times", -1, "not a number of calls"},
           Refused{"/name", 1, "\"name\" is missing or not a text"},
           Refused{"/config/a.b", nullptr, "config a.b"},
           Refused{"/tables/t", json::array(), "not keyspace.table"},
           Refused{"/tables/k.t", json::object(), "not a list of rows"},
           Refused{"/tables/k.t/0", 1, "not an object"},
           Refused{"/redis/ten", json::object(), "not a database number"},
           Refused{"/redis/10/key", 1, "neither text, list nor object"},
           Refused{"/search", json::array(), "search is not an object"},
           Refused{"/search/i", json::object(), "not a list of documents"},
           Refused{"/search/i/0/_type", "t", "unknown member \"_type\""},
           Refused{"/search/i/0/_id", 1, "\"_id\" is missing or not a text"},
           Refused{"/search/i/0/_source", "x", "the \"_source\" of 1 is not an object"},
           Refused{"/search/i/1", {{"_id", "1"}, {"_source", json::object()}}, "two documents 1"},
           Refused{"/expect/search/i/0", 1, "not an object"},
           Refused{"/input", nullptr, "input is missing"},
           Refused{"/expect", nullptr, "expect"},
           Refused{"/expect/topics/option", 1, "not a list of events"},
           Refused{"/expect/metrics/m", "1", "not a count"},
           Refused{"/expect/failed", {2}, "names message 2"},
           Refused{"/expect/failed/0", "0", "not a position"},
           Refused{"/expect/tables/k.t/0", {{"a", "$regex:("}}, "not a regular expression"},
       }) {
    json changed = whole_case();
    changed[json::json_pointer(refused.pointer)] = refused.value;
    const auto read = parse_vector_case(changed.dump(), "f.json");
    ASSERT_FALSE(read) << refused.pointer;
    EXPECT_NE(read.error().text.find(refused.says), std::string::npos) << refused.pointer << " → " << read.error().text;
    EXPECT_EQ(read.error().text.substr(0, 8), "f.json: ");
  }
}

TEST(VectorCaseTest, TextThatIsNotACaseIsRefused) {
  for (const auto* text : {"", "{", "[]", "1", "null"}) EXPECT_FALSE(parse_vector_case(text, "f.json")) << text;
  EXPECT_FALSE(load_vector_case("/nowhere/case.json"));
}

}  // namespace
}  // namespace lernd
