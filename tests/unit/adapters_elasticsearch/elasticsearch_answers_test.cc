#include "adapters/elasticsearch/elasticsearch_answers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace lernd::elasticsearch {
namespace {

const std::vector<DocumentId> kTwo{{"course-batch", "1"}, {"course-batch", "2"}};

HttpAnswer answer(int status, std::string body) { return {.status = status, .body = std::move(body)}; }

std::string found(const std::string& id, const std::string& source) {
  return fmt::format(R"({{"_index":"course-batch-v2","_id":"{}","_version":4,"_seq_no":12,"_primary_term":2,"found":true,"_source":{}}})", id, source);
}

std::string updated(const std::string& id, int status, const std::string& more = R"("result":"updated")") {
  return fmt::format(R"({{"update":{{"_index":"course-batch-v2","_id":"{}","status":{},{}}}}})", id, status, more);
}

std::string refused_because(const std::string& type) {
  return fmt::format(R"("error":{{"type":"{}","reason":"failed to parse field [status] of [marked-name]: 'marked@mail'"}})", type);
}

HttpAnswer docs(const std::string& items) { return answer(200, fmt::format(R"({{"docs":[{}]}})", items)); }
HttpAnswer bulk(const std::string& items) { return answer(200, fmt::format(R"({{"took":1,"errors":true,"items":[{}]}})", items)); }

template <class T>
void expect_error(const Result<T>& result, Treatment treatment, ErrorCode code, const std::string& context) {
  ASSERT_FALSE(result) << context;
  EXPECT_EQ(result.error().treatment, treatment) << context << ": " << result.error().text;
  EXPECT_EQ(result.error().code, code) << context << ": " << result.error().text;
  EXPECT_FALSE(result.error().text.contains("marked")) << result.error().text;
}

TEST(ElasticsearchAnswers, DocumentsComeWithTheirVersions) {
  const auto documents =
      documents_of(kTwo, docs(found("1", R"({ "a" : [1, "x"], "big": 9007199254740993 })") + R"(,{"_index":"course-batch","_id":"2","found":false})"));
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(*documents[0], (StoredDocument{R"({"a":[1,"x"],"big":9007199254740993})", {.sequence = 12, .term = 2}}));
  EXPECT_TRUE(documents[1]->missing());
}

TEST(ElasticsearchAnswers, AnErrorOfOneDocumentIsItsOwn) {
  const auto documents = documents_of(
      kTwo,
      docs(R"({"_index":"course-batch","_id":"1","error":{"root_cause":[],"type":"index_not_found_exception","reason":"no such index [course-batch]"}},)" +
           found("2", "{}")));
  expect_error(documents[0], Treatment::fatal, ErrorCode::not_found, "first");
  EXPECT_TRUE(documents[0].error().text.contains("course-batch") && documents[0].error().text.contains("`es.basePath`")) << documents[0].error().text;
  EXPECT_EQ(documents[1]->source, "{}");
  for (const auto& [type, code] : {std::pair("no_shard_available_action_exception", ErrorCode::service_away),
                                   std::pair("something_new", ErrorCode::unavailable), std::pair("", ErrorCode::unavailable)}) {
    const auto passing = documents_of(std::span(kTwo).first(1), docs(fmt::format(R"({{"_id":"1","error":{{"type":"{}"}}}})", type)));
    expect_error(passing[0], Treatment::retry, code, type);
  }
}

TEST(ElasticsearchAnswers, OutcomesAreSplitItemByItem) {
  const std::vector<DocumentId> six{{"course-batch", "1"}, {"course-batch", "2"}, {"course-batch", "3"},
                                    {"course-batch", "4"}, {"course-batch", "5"}, {"course-batch", "6"}};
  const auto outcomes = outcomes_of(
      six, bulk(updated("1", 200) + "," + updated("2", 409, refused_because("version_conflict_engine_exception")) + "," +
                updated("3", 404, refused_because("document_missing_exception")) + "," + updated("4", 400, refused_because("mapper_parsing_exception")) + "," +
                updated("5", 429, refused_because("es_rejected_execution_exception")) + "," + updated("6", 200, R"("result":"noop")")));
  ASSERT_EQ(outcomes.size(), 6u);
  EXPECT_EQ(outcomes[0], true);
  EXPECT_EQ(outcomes[1], false);
  EXPECT_EQ(outcomes[2], false);
  expect_error(outcomes[3], Treatment::reject, ErrorCode::schema_mismatch, "4");
  EXPECT_TRUE(outcomes[3].error().text.contains("mapper_parsing_exception")) << outcomes[3].error().text;
  expect_error(outcomes[4], Treatment::retry, ErrorCode::service_away, "5");
  EXPECT_EQ(outcomes[5], true);
}

TEST(ElasticsearchAnswers, RefusalsHaveTheirTreatment) {
  struct Case {
    int status;
    const char* type;
    Treatment treatment;
    ErrorCode code;
    const char* says;
  };
  for (const Case& expected : {
           Case{404, "index_not_found_exception", Treatment::fatal, ErrorCode::not_found, "`es.basePath`"},
           Case{403, "cluster_block_exception", Treatment::retry, ErrorCode::service_away, "index.blocks"},
           Case{429, "cluster_block_exception", Treatment::retry, ErrorCode::service_away, "index.blocks"},
           Case{400, "index_closed_exception", Treatment::retry, ErrorCode::service_away, "closed"},
           Case{429, "circuit_breaking_exception", Treatment::retry, ErrorCode::service_away, "overloaded"},
           Case{429, "rejected_execution_exception", Treatment::retry, ErrorCode::service_away, "429"},
           Case{503, "unavailable_shards_exception", Treatment::retry, ErrorCode::service_away, "503"},
           Case{503, "master_not_discovered_exception", Treatment::retry, ErrorCode::service_away, "`es.basePath`"},
           Case{404, "search_context_missing_exception", Treatment::retry, ErrorCode::unavailable, "search_context"},
           Case{408, "", Treatment::retry, ErrorCode::unavailable, ""},
           Case{500, "null_pointer_exception", Treatment::retry, ErrorCode::unavailable, "500"},
           Case{502, "", Treatment::retry, ErrorCode::unavailable, "502"},
           Case{401, "", Treatment::fatal, ErrorCode::unauthorized, "`lernd.es.user`"},
           Case{401, "security_exception", Treatment::fatal, ErrorCode::unauthorized, "`lernd.es.api_key`"},
           Case{403, "security_exception", Treatment::fatal, ErrorCode::unauthorized, "`lernd.es.password`"},
           Case{0, "security_exception", Treatment::fatal, ErrorCode::unauthorized, "`lernd.es.user`"},
           Case{400, "mapper_parsing_exception", Treatment::reject, ErrorCode::schema_mismatch, "mapper_parsing_exception"},
           Case{400, "strict_dynamic_mapping_exception", Treatment::reject, ErrorCode::schema_mismatch, ""},
           Case{400, "illegal_argument_exception", Treatment::reject, ErrorCode::schema_mismatch, ""},
           Case{0, "illegal_argument_exception", Treatment::reject, ErrorCode::schema_mismatch, ""},
           Case{413, "", Treatment::reject, ErrorCode::schema_mismatch, "413"},
           Case{404, "", Treatment::fatal, ErrorCode::invalid_option, "`es.basePath`"},
           Case{405, "", Treatment::fatal, ErrorCode::invalid_option, "`es.basePath`"},
           Case{301, "", Treatment::fatal, ErrorCode::invalid_option, "`es.basePath`"},
       }) {
    const Error error = refusal(expected.status, expected.type, "course-batch");
    EXPECT_EQ(error.treatment, expected.treatment) << expected.status << " " << expected.type << ": " << error.text;
    EXPECT_EQ(error.code, expected.code) << expected.status << " " << expected.type << ": " << error.text;
    EXPECT_TRUE(error.text.contains(expected.says)) << error.text;
    EXPECT_TRUE(error.text.contains("course-batch")) << error.text;
  }
}

TEST(ElasticsearchAnswers, OnlyWordsOfTheServerAreRepeated) {
  for (const auto* type : {"marked name", "Marked", "marked@mail", "marked1", "{}"}) {
    EXPECT_FALSE(refusal(400, type, "i").text.contains(type)) << type;
  }
  EXPECT_FALSE(refusal(400, std::string(61, 'a'), "i").text.contains("aaa"));
}

TEST(ElasticsearchAnswers, ARefusalOfTheWholeRequestIsThatOfEveryItem) {
  const auto body = R"({"error":{"root_cause":[{"type":"security_exception"}],"type":"security_exception","reason":"marked"},"status":401})";
  for (const auto& document : documents_of(kTwo, answer(401, body))) expect_error(document, Treatment::fatal, ErrorCode::unauthorized, "read");
  for (const auto& outcome : outcomes_of(kTwo, answer(403, body))) expect_error(outcome, Treatment::fatal, ErrorCode::unauthorized, "bulk");
  for (const auto& outcome : outcomes_of(kTwo, answer(503, "<html>marked</html>"))) expect_error(outcome, Treatment::retry, ErrorCode::service_away, "html");
}

TEST(ElasticsearchAnswers, GarbageIsABadAnswer) {
  const std::string whole = R"({"docs":[)" + found("1", R"({"a":"marked"})") + "," + found("2", "{}") + "]}";
  std::vector<std::string> bodies{"",
                                  "marked",
                                  "null",
                                  "[]",
                                  "{}",
                                  R"({"docs":null})",
                                  R"({"docs":{}})",
                                  R"({"docs":"marked"})",
                                  "<html>marked</html>",
                                  R"({"docs":[]})",
                                  R"({"docs":[1,2]})",
                                  R"({"docs":[{},{}]})",
                                  R"({"docs":[null,[]]})"};
  for (std::size_t length = 0; length < whole.size(); length += 7) bodies.push_back(whole.substr(0, length));
  for (const auto& body : bodies) {
    const auto documents = documents_of(kTwo, answer(200, body));
    ASSERT_EQ(documents.size(), 2u);
    for (const auto& document : documents) expect_error(document, Treatment::retry, ErrorCode::bad_answer, body);
  }
  EXPECT_TRUE(documents_of(kTwo, answer(200, whole))[0]);
}

TEST(ElasticsearchAnswers, LyingAnswersToReadsAreBadAnswers) {
  for (const auto& items : {
           found("1", "{}"),                                                    // one too few
           found("1", "{}") + "," + found("2", "{}") + "," + found("2", "{}"),  // one too many
       }) {
    for (const auto& document : documents_of(kTwo, docs(items))) expect_error(document, Treatment::retry, ErrorCode::bad_answer, items);
  }
  for (const auto& document : documents_of(kTwo, docs(found("2", "{}") + "," + found("1", "{}")))) {
    expect_error(document, Treatment::retry, ErrorCode::bad_answer, "another order");
  }
  for (const auto* item :
       {R"({"_id":"1"})", R"({"_id":1,"found":false})", R"({"_id":"1","found":"false"})", R"({"_id":"1","found":true})",
        R"({"_id":"1","found":true,"_source":"marked","_seq_no":1,"_primary_term":1})", R"({"_id":"1","found":true,"_source":{},"_primary_term":1})",
        R"({"_id":"1","found":true,"_source":{},"_seq_no":"1","_primary_term":1})",
        R"({"_id":"1","found":true,"_source":{},"_seq_no":1.5,"_primary_term":1})"}) {
    const auto documents = documents_of(kTwo, docs(std::string(item) + "," + found("2", "{}")));
    expect_error(documents[0], Treatment::retry, ErrorCode::bad_answer, item);
    EXPECT_TRUE(documents[1]) << item;
  }
}

TEST(ElasticsearchAnswers, LyingAnswersToBulksAreBadAnswers) {
  for (const auto& items : {updated("1", 200), updated("1", 200) + "," + updated("2", 200) + "," + updated("3", 200), std::string()}) {
    for (const auto& outcome : outcomes_of(kTwo, bulk(items))) expect_error(outcome, Treatment::retry, ErrorCode::bad_answer, items);
  }
  for (const auto& outcome : outcomes_of(kTwo, bulk(updated("2", 200) + "," + updated("1", 200)))) {
    expect_error(outcome, Treatment::retry, ErrorCode::bad_answer, "another order");
  }
  for (const auto* item : {"{}", "1", R"({"update":null})", R"({"update":{"_id":"1"}})", R"({"update":{"_id":"1","status":"200"}})",
                           R"({"update":{"_id":"1","status":200},"index":{"_id":"1","status":200}})", R"({"update":{"status":200}})"}) {
    const auto outcomes = outcomes_of(kTwo, bulk(std::string(item) + "," + updated("2", 200)));
    expect_error(outcomes[0], Treatment::retry, ErrorCode::bad_answer, item);
    EXPECT_EQ(outcomes[1], true) << item;
  }
  EXPECT_FALSE(outcomes_of(std::span(kTwo).first(1), bulk(updated("1", 300)))[0]) << "no status of a success";
}

std::string page(const std::string& hits, const std::string& total, const std::string& more = R"("timed_out":false,"_shards":{"failed":0})") {
  return fmt::format(R"({{"_scroll_id":"s1",{},"hits":{{"total":{{"value":{},"relation":"eq"}},"hits":[{}]}}}})", more, total, hits);
}

TEST(ElasticsearchAnswers, APageOfASearch) {
  const auto read = page_of("i", answer(200, page(R"({"_id":"1","_seq_no":3,"_primary_term":1,"_source":{"a":1}})", "17")));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->scroll_id, "s1");
  EXPECT_EQ(read->total, 17u);
  ASSERT_EQ(read->documents.size(), 1u);
  EXPECT_EQ(read->documents[0], (std::pair<std::string, StoredDocument>{"1", {R"({"a":1})", {3, 1}}}));
}

TEST(ElasticsearchAnswers, AnIncompletePageIsNoPage) {
  expect_error(page_of("i", answer(200, page("", "0", R"("timed_out":true)"))), Treatment::retry, ErrorCode::service_away, "timed out");
  expect_error(page_of("i", answer(200, page("", "0", R"("_shards":{"total":2,"failed":1})"))), Treatment::retry, ErrorCode::service_away, "failed shard");
  for (const auto& body :
       {page("1", "1"), page(R"({"_id":"1"})", "1"), page("", "-1"), page("", "\"1\""), std::string("{}"), std::string("marked"),
        std::string(R"({"hits":{"total":{"value":0},"hits":[]}})"), std::string(R"({"_scroll_id":"s","hits":{"total":{"value":0},"hits":{}}})")}) {
    expect_error(page_of("i", answer(200, body)), Treatment::retry, ErrorCode::bad_answer, body);
  }
  const auto expired = R"({"error":{"root_cause":[{"type":"search_context_missing_exception"}],"type":"search_phase_execution_exception"},"status":404})";
  expect_error(page_of("i", answer(404, expired)), Treatment::retry, ErrorCode::unavailable, "expired");
}

TEST(ElasticsearchAnswers, AnIndexIsThereOrNot) {
  EXPECT_EQ(existence_of("i", answer(200, "")), true);
  EXPECT_EQ(existence_of("i", answer(404, "")), false);
  expect_error(existence_of("i", answer(401, "")), Treatment::fatal, ErrorCode::unauthorized, "login");
  expect_error(existence_of("i", answer(503, "")), Treatment::retry, ErrorCode::service_away, "away");
}

TEST(ElasticsearchAnswers, OnlyAnIndexServerGreetsLikeOne) {
  EXPECT_TRUE(greeting_of(answer(200, R"({"name":"n","version":{"number":"2.19.3","distribution":"opensearch"},"tagline":"t"})")));
  for (const auto* body : {"{}", "<html>marked</html>", "", "[]", R"({"version":"7"})"}) {
    expect_error(greeting_of(answer(200, body)), Treatment::fatal, ErrorCode::invalid_option, body);
  }
  expect_error(greeting_of(answer(503, "")), Treatment::retry, ErrorCode::service_away, "away");
}

TEST(ElasticsearchAnswers, ARequestIsDoneWhenEveryShardDidIt) {
  EXPECT_TRUE(done_of("i", answer(200, R"({"acknowledged":true})")));
  EXPECT_TRUE(done_of("i", answer(200, R"({"_shards":{"total":2,"successful":1,"failed":0}})")));
  expect_error(done_of("i", answer(200, R"({"_shards":{"total":2,"successful":1,"failed":1}})")), Treatment::retry, ErrorCode::service_away, "failed");
  expect_error(done_of("i", answer(200, "marked")), Treatment::retry, ErrorCode::bad_answer, "garbage");
}

}  // namespace
}  // namespace lernd::elasticsearch
