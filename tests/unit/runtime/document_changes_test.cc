#include "runtime/document_changes.h"

#include <gtest/gtest.h>

#include "fake_index.h"

namespace lernd {
namespace {

DocumentWrite from_a_to_b(const std::string& id) { return {.document = {"batch", id}, .from = "A", .to = "B", .distinct = {"mentors"}}; }

std::vector<std::optional<Error>> change(FakeIndex& index, const std::vector<DocumentWrite>& writes) {
  std::vector<const DocumentWrite*> pointers;
  for (const DocumentWrite& write : writes) pointers.push_back(&write);
  return change_documents(pointers, index);
}

TEST(DocumentChanges, ChangeWhatIsThereAndLeaveMissingWhatIsMissing) {
  FakeIndex index;
  index.set("1", R"({"createdBy":"A","mentors":["A","B"],"name":"n"})");
  index.set("2", R"({"createdBy":"C","mentors":["A"]})");
  const auto outcomes = change(index, {from_a_to_b("1"), from_a_to_b("missing"), from_a_to_b("2")});
  for (const auto& outcome : outcomes) EXPECT_FALSE(outcome);
  EXPECT_EQ(index.source("1"), R"({"createdBy":"B","mentors":["B"],"name":"n"})");
  EXPECT_EQ(index.source("2"), R"({"createdBy":"C","mentors":["B"]})");
  EXPECT_EQ(index.documents.size(), 2u);
}

TEST(DocumentChanges, KeepWhatSomebodyElseChangesMeanwhile) {
  FakeIndex index;
  index.set("1", R"({"createdBy":"A","mentors":["x"]})");
  int others = 2;
  index.before_update = [&] {
    if (others-- > 0) index.set("1", others == 1 ? R"({"createdBy":"A","mentors":["x","y"]})" : R"({"createdBy":"A","mentors":["x","A"],"status":2})");
  };
  EXPECT_FALSE(change(index, {from_a_to_b("1")}).front());
  EXPECT_EQ(index.source("1"), R"({"createdBy":"B","mentors":["x","B"],"status":2})");
  EXPECT_EQ(index.updates, 3);
}

TEST(DocumentChanges, GiveUpForNowOnADocumentThatNeverRests) {
  FakeIndex index;
  index.set("1", R"({"createdBy":"A"})");
  index.set("2", R"({"createdBy":"A"})");
  index.before_update = [&] { index.set("1", R"({"createdBy":"A"})"); };
  const auto outcomes = change(index, {from_a_to_b("1"), from_a_to_b("2")});
  ASSERT_TRUE(outcomes[0]);
  EXPECT_EQ(outcomes[0]->treatment, Treatment::retry);
  EXPECT_FALSE(outcomes[1]);
  EXPECT_EQ(index.source("2"), R"({"createdBy":"B"})");
}

TEST(DocumentChanges, ShowSearchesWhatAnAttemptBeforeHasChanged) {
  FakeIndex index;
  index.set("1", R"({"createdBy":"B"})");
  index.documents[{"batch", "1"}].shown = false;
  EXPECT_FALSE(change(index, {from_a_to_b("1")}).front());
  EXPECT_TRUE(index.documents[(DocumentId{"batch", "1"})].shown);
  EXPECT_EQ(index.updates, 0);

  index.refreshed = fail(Treatment::retry, ErrorCode::unavailable, "away");
  EXPECT_TRUE(change(index, {from_a_to_b("1")}).front());
}

TEST(DocumentChanges, FailEachForItself) {
  FakeIndex index;
  index.set("1", R"({"createdBy":"A"})");
  index.set("2", R"({"createdBy":"A"})");
  index.fault = [](const DocumentId& document) -> Result<bool> {
    if (document.id == "1") return fail(Treatment::retry, ErrorCode::unavailable, "its shard is away");
    return true;
  };
  const auto outcomes = change(index, {from_a_to_b("1"), from_a_to_b("2")});
  ASSERT_TRUE(outcomes[0]);
  EXPECT_EQ(outcomes[0]->text, "its shard is away");
  EXPECT_FALSE(outcomes[1]);
}

}  // namespace
}  // namespace lernd
