#include "conformance/search_index_suite.h"

#include <nlohmann/json.hpp>

namespace lernd {

void SearchIndexSuite::SetUp() {
  backend_ = GetParam().make();
  ASSERT_NE(backend_, nullptr);
  index_ = backend_->open();
  ASSERT_NE(index_, nullptr);
  name_ = unique_name("lernd-test");
  ASSERT_TRUE(ok(index_->create(name_)));
}

void SearchIndexSuite::TearDown() {
  if (index_ == nullptr) return;
  EXPECT_TRUE(ok(index_->remove(name_)));
}

void SearchIndexSuite::put(const std::string& id, const std::string& source) {
  const NewDocument document{.document = this->id(id), .source = source};
  const auto answers = index_->put(std::span(&document, 1));
  ASSERT_EQ(answers.size(), 1u);
  ASSERT_TRUE(ok(answers.front()));
}

Result<StoredDocument> SearchIndexSuite::read(const DocumentId& document) {
  auto answers = index_->read(std::span(&document, 1));
  EXPECT_EQ(answers.size(), 1u);
  return std::move(answers.at(0));
}

StoredDocument SearchIndexSuite::stored(const std::string& id) {
  auto answer = read(this->id(id));
  EXPECT_TRUE(ok(answer));
  return answer.value_or(StoredDocument());
}

Result<bool> SearchIndexSuite::update(const DocumentId& document, const std::string& fields, const DocumentVersion& version) {
  const DocumentUpdate update{.document = document, .fields = fields, .version = version};
  auto answers = index_->update(std::span(&update, 1));
  EXPECT_EQ(answers.size(), 1u);
  return std::move(answers.at(0));
}

std::vector<std::string> SearchIndexSuite::found(std::vector<DocumentTerm> terms) {
  const auto documents = index_->search(name_, terms);
  EXPECT_TRUE(ok(documents));
  std::vector<std::string> ids;
  if (!documents) return ids;
  for (const auto& [id, document] : *documents) ids.push_back(id);
  return ids;
}

testing::AssertionResult gives(const Result<bool>& result, bool value) {
  if (!result || *result == value) return ok(result);
  return testing::AssertionFailure() << "it gave " << std::boolalpha << *result;
}

testing::AssertionResult same_json(const std::string& left, const std::string& right) {
  const auto a = nlohmann::json::parse(left, nullptr, false);
  const auto b = nlohmann::json::parse(right, nullptr, false);
  if (!a.is_discarded() && a == b) return testing::AssertionSuccess();
  return testing::AssertionFailure() << left.substr(0, 400) << " is not " << right.substr(0, 400);
}

}  // namespace lernd
