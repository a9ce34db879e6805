#include <fmt/format.h>

#include <algorithm>

#include "conformance/search_index_suite.h"

namespace lernd {
namespace {

using Ids = std::vector<std::string>;

TEST_P(SearchIndexSuite, ADocumentComesBackAsItWasStored) {
  const std::string source =
      R"({"name":"Batch 001","status":1,"share":0.5,"open":true,"none":null,"mentors":["a","b"],"cert_templates":{"t":{"url":"u","tags":[]}},"big":9007199254740993})";
  put("b1", source);
  const auto document = stored("b1");
  EXPECT_TRUE(same_json(document.source, source));
  EXPECT_TRUE(document.source.contains("9007199254740993")) << "numbers are not rounded";
  EXPECT_EQ(stored("b1").version, document.version) << "reading changes nothing";
}

TEST_P(SearchIndexSuite, AMissingDocumentIsAnAnswer) {
  EXPECT_TRUE(stored("none").missing());
  put("b1", "{}");
  EXPECT_FALSE(stored("b1").missing()) << "an empty document is there";
  EXPECT_TRUE(stored(std::string(513, 'x')).missing()) << "no document has such a long id";
}

TEST_P(SearchIndexSuite, AnIndexThatIsNotThereIsFatalAndNamed) {
  const std::string other = name_ + "-other";
  const DocumentId document{.index = other, .id = "b1"};
  const NewDocument fresh{.document = document, .source = "{}"};
  EXPECT_TRUE(failed(read(document), Treatment::fatal, ErrorCode::not_found, {other}));
  EXPECT_TRUE(failed(update(document, R"({"a":"b"})", {}), Treatment::fatal, ErrorCode::not_found, {other}));
  EXPECT_TRUE(failed(index_->put(std::span(&fresh, 1)).at(0), Treatment::fatal, ErrorCode::not_found, {other}));
  EXPECT_TRUE(failed(index_->search(other, {}), Treatment::fatal, ErrorCode::not_found, {other}));
  EXPECT_TRUE(failed(index_->refresh(other), Treatment::fatal, ErrorCode::not_found, {other}));
  EXPECT_EQ(index_->exists(other), false) << "none of these made it";
}

TEST_P(SearchIndexSuite, IndicesComeAndGo) {
  const std::string other = name_ + "-other";
  EXPECT_TRUE(ok(index_->create(other)));
  EXPECT_TRUE(ok(index_->create(other))) << "once more";
  EXPECT_EQ(index_->exists(other), true);
  put("b1", "{}");
  EXPECT_TRUE(read({.index = other, .id = "b1"})->missing()) << "every index has documents of its own";
  EXPECT_TRUE(ok(index_->remove(other)));
  EXPECT_TRUE(ok(index_->remove(other))) << "once more";
  EXPECT_EQ(index_->exists(other), false);
  EXPECT_FALSE(stored("b1").missing());
}

TEST_P(SearchIndexSuite, ReadsAnswerInTheOrderOfTheQuestions) {
  std::vector<NewDocument> documents;
  std::vector<DocumentId> ids;
  for (int i = 0; i < 600; ++i) {
    if (i % 3 != 0) documents.push_back({.document = id(fmt::format("b{}", i)), .source = fmt::format(R"({{"n":{}}})", i)});
    ids.push_back(id(fmt::format("b{}", i)));
  }
  ids.push_back(id("b1"));  // once more
  for (const auto& outcome : index_->put(documents)) ASSERT_TRUE(ok(outcome));
  const auto answers = index_->read(ids);
  ASSERT_EQ(answers.size(), ids.size());
  for (std::size_t i = 0; i < 600; ++i) {
    ASSERT_TRUE(ok(answers[i]));
    const std::string expected = i % 3 == 0 ? "" : fmt::format(R"({{"n":{}}})", i);
    EXPECT_EQ(answers[i]->source, expected) << i;
  }
  EXPECT_EQ(answers.back(), answers[1]);
  EXPECT_TRUE(index_->read({}).empty());
}

TEST_P(SearchIndexSuite, AnUpdateMergesObjectsAndReplacesEverythingElse) {
  put("b1", R"({"mentors":["a","b","c"],"name":"old","kept":1,"tree":{"x":{"p":1,"q":2},"y":[1,2]}})");
  EXPECT_TRUE(gives(update("b1", R"({"mentors":["d"],"name":"new","tree":{"x":{"q":3,"r":4},"y":[9]},"added":{"k":[]}})"), true));
  EXPECT_TRUE(same_json(stored("b1").source, R"({"mentors":["d"],"name":"new","kept":1,"tree":{"x":{"p":1,"q":3,"r":4},"y":[9]},"added":{"k":[]}})"));
  EXPECT_TRUE(gives(update("b1", R"({"name":null,"mentors":[]})"), true));
  EXPECT_TRUE(same_json(stored("b1").source, R"({"mentors":[],"name":null,"kept":1,"tree":{"x":{"p":1,"q":3,"r":4},"y":[9]},"added":{"k":[]}})"));
}

TEST_P(SearchIndexSuite, AnUpdateOfAnotherStateIsRefused) {
  put("b1", R"({"createdBy":"a"})");
  const auto first = stored("b1").version;
  EXPECT_TRUE(gives(update(id("b1"), R"({"createdBy":"b"})", first), true));
  EXPECT_TRUE(gives(update(id("b1"), R"({"createdBy":"c"})", first), false)) << "it has changed since";
  EXPECT_TRUE(same_json(stored("b1").source, R"({"createdBy":"b"})"));
  const auto second = stored("b1").version;
  EXPECT_NE(first, second);
  put("b1", R"({"createdBy":"x"})");
  EXPECT_TRUE(gives(update(id("b1"), R"({"createdBy":"c"})", second), false)) << "it was stored anew";
  EXPECT_TRUE(gives(update("b1", R"({"createdBy":"c"})"), true));
}

TEST_P(SearchIndexSuite, TwoUpdatesOfOneStateInOneCallAreOneUpdate) {
  put("b1", R"({"n":0})");
  const auto version = stored("b1").version;
  const std::vector<DocumentUpdate> updates{{id("b1"), R"({"n":1})", version}, {id("b1"), R"({"n":2})", version}};
  const auto answers = index_->update(updates);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(gives(answers[0], true));
  EXPECT_TRUE(gives(answers[1], false));
  EXPECT_TRUE(same_json(stored("b1").source, R"({"n":1})"));
}

TEST_P(SearchIndexSuite, AnUpdateOfNothingIsDoneAndChangesNothing) {
  put("b1", R"({"a":{"b":1},"c":[1]})");
  const auto version = stored("b1").version;
  EXPECT_TRUE(gives(update(id("b1"), "{}", version), true));
  EXPECT_TRUE(gives(update(id("b1"), R"({"a":{"b":1},"c":[1]})", version), true));
  EXPECT_EQ(stored("b1").version, version);
}

TEST_P(SearchIndexSuite, AnUpdateOfAMissingDocumentLeavesItMissing) {
  EXPECT_TRUE(gives(update(id("none"), R"({"a":"b"})", {.sequence = 0, .term = 1}), false));
  EXPECT_TRUE(gives(update(id(std::string(600, 'x')), R"({"a":"b"})", {.sequence = 0, .term = 1}), false));
  EXPECT_TRUE(stored("none").missing());
  EXPECT_EQ(found({}), Ids{});
}

TEST_P(SearchIndexSuite, WhatIsNoDocumentIsRejected) {
  put("b1", R"({"n":1})");
  const auto version = stored("b1").version;
  for (const auto* fields : {"", "[]", "\"text\"", R"({"n":)", R"({"n":2}{"n":3})"}) {
    EXPECT_TRUE(failed(update(id("b1"), fields, version), Treatment::reject)) << fields;
    const NewDocument document{.document = id("b2"), .source = fields};
    EXPECT_TRUE(failed(index_->put(std::span(&document, 1)).at(0), Treatment::reject)) << fields;
  }
  EXPECT_TRUE(failed(read(id("")), Treatment::reject));
  EXPECT_TRUE(failed(update(id(""), R"({"n":2})", version), Treatment::reject));
  for (const auto& bad : {std::string(), std::string(513, 'x')}) {
    const NewDocument document{.document = id(bad), .source = "{}"};
    EXPECT_TRUE(failed(index_->put(std::span(&document, 1)).at(0), Treatment::reject)) << bad;
  }
  EXPECT_EQ(stored("b1").version, version);
  EXPECT_EQ(found({}), Ids{"b1"});
}

TEST_P(SearchIndexSuite, ABadItemLeavesTheGoodOnesAlone) {
  for (const auto* id : {"b1", "b2", "b3", "b4"}) put(id, R"({"n":1})");
  const std::vector<DocumentUpdate> updates{{id("b1"), R"({"n":2})", stored("b1").version},
                                            {id(""), R"({"n":2})", {}},
                                            {id("b2"), "no object", stored("b2").version},
                                            {id("none"), R"({"n":2})", {.sequence = 0, .term = 1}},
                                            {{.index = name_ + "-other", .id = "b1"}, R"({"n":2})", {}},
                                            {id("b3"), R"({"n":2})", {.sequence = 4711, .term = 1}},
                                            {id("b4"), "{\n\"n\":\n2}", stored("b4").version}};
  const auto answers = index_->update(updates);
  ASSERT_EQ(answers.size(), updates.size());
  EXPECT_TRUE(gives(answers[0], true));
  EXPECT_TRUE(failed(answers[1], Treatment::reject));
  EXPECT_TRUE(failed(answers[2], Treatment::reject));
  EXPECT_TRUE(gives(answers[3], false));
  EXPECT_TRUE(failed(answers[4], Treatment::fatal, ErrorCode::not_found));
  EXPECT_TRUE(gives(answers[5], false));
  EXPECT_TRUE(gives(answers[6], true)) << "line breaks mean nothing";
  EXPECT_TRUE(index_->update({}).empty());
}

TEST_P(SearchIndexSuite, AnyTextMayStandInIdsAndValues) {
  const Ids texts{"ä ö/ü?#%41+&=", "\"quoted\" \\ back", "日本語 🎓", "line\nbreak\ttab", "..", ".", "a,b*", "_id", std::string(512, 'x')};
  std::vector<NewDocument> documents;
  std::vector<DocumentId> ids;
  for (const auto& text : texts) {
    std::string quoted;
    JsonWriter(quoted).open_object().name("name").text(text).close_object();
    documents.push_back({.document = id(text), .source = quoted});
    ids.push_back(id(text));
  }
  for (const auto& outcome : index_->put(documents)) ASSERT_TRUE(ok(outcome));
  const auto answers = index_->read(ids);
  std::vector<DocumentUpdate> updates;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(ok(answers[i]));
    EXPECT_TRUE(same_json(answers[i]->source, documents[i].source));
    std::string fields;
    JsonWriter(fields).open_object().name("other \"name\"").text(texts[i]).close_object();
    updates.push_back({.document = ids[i], .fields = fields, .version = answers[i]->version});
  }
  for (const auto& outcome : index_->update(updates)) EXPECT_TRUE(gives(outcome, true));
  for (const auto& text : texts) EXPECT_EQ(found({{.field = "name", .value = text}}), Ids{text});
}

TEST_P(SearchIndexSuite, LargeDocumentsComeAndGo) {
  const std::string text(400'000, 'x');
  std::vector<NewDocument> documents;
  std::vector<DocumentId> ids;
  for (int i = 0; i < 24; ++i) {
    ids.push_back(id(fmt::format("b{:02}", i)));
    documents.push_back({.document = ids.back(), .source = fmt::format(R"({{"description":"{}","createdBy":"a"}})", text)});
  }
  for (const auto& outcome : index_->put(documents)) ASSERT_TRUE(ok(outcome));
  std::vector<DocumentUpdate> updates;
  for (const auto& answer : index_->read(ids)) {
    ASSERT_TRUE(ok(answer));
    ASSERT_FALSE(answer->missing());
    updates.push_back({.document = ids[updates.size()], .fields = fmt::format(R"({{"createdBy":"b","more":"{}"}})", text), .version = answer->version});
  }
  for (const auto& outcome : index_->update(updates)) EXPECT_TRUE(gives(outcome, true));
  const std::vector<DocumentTerm> terms{{.field = "createdBy", .value = "b"}};
  const auto documents_found = index_->search(name_, terms);
  ASSERT_TRUE(ok(documents_found));
  EXPECT_EQ(documents_found->size(), 24u);
  for (const auto& [id, document] : *documents_found) EXPECT_GT(document.source.size(), 2 * text.size());
}

TEST_P(SearchIndexSuite, PingAnswers) { EXPECT_TRUE(ok(index_->ping())); }

}  // namespace
}  // namespace lernd
