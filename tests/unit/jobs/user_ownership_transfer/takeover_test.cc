#include "jobs/user_ownership_transfer/takeover.h"

#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

using Texts = std::vector<std::string>;

Value list_of(const Texts& texts) {
  ValueList list;
  for (const std::string& text : texts) list.items.emplace_back(text);
  return list;
}

std::optional<Texts> handed(const Texts& mentors) {
  const auto list = handed_over(list_of(mentors), "FROM", "TO");
  if (!list) return std::nullopt;
  Texts texts;
  for (const Value& item : list->items) texts.push_back(*item.text());
  return texts;
}

// The examples of section 6.
TEST(HandedOver, TheOldMentorGoesAndTheNewOneStandsOnce) {
  EXPECT_EQ(handed({"a", "FROM", "b"}), (Texts{"a", "b", "TO"}));
  EXPECT_EQ(handed({"FROM"}), Texts{"TO"});
  EXPECT_EQ(handed({"FROM", "FROM"}), Texts{"TO"});
  EXPECT_EQ(handed({"TO", "a", "FROM"}), (Texts{"TO", "a"}));
  EXPECT_EQ(handed({"FROM", "a", "FROM", "TO"}), (Texts{"a", "TO"}));
}

TEST(HandedOver, WhereTheOldMentorIsNotNothingChanges) {
  EXPECT_EQ(handed({}), std::nullopt);
  EXPECT_EQ(handed({"a", "TO"}), std::nullopt);
  EXPECT_EQ(handed({"FROMage", "xFROM"}), std::nullopt) << "a part of an id is no id";
  EXPECT_EQ(handed_over(Value(), "FROM", "TO"), std::nullopt);
  EXPECT_EQ(handed_over(Value("FROM"), "FROM", "TO"), std::nullopt);
}

TEST(Takeover, CreatorAndMentorsInTableAndIndex) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"m", "from"});
  place.add_batch("c1", "b2", "from", {"m"});
  place.add_batch("c2", "b3", "x", {"from", "m"});
  place.add_batch("c2", "b4", "x", {"m"});
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ(place.rows,
            (std::map<RowKey, Row>{
                {{"c1", "b1"}, {"to", {"m", "to"}}}, {{"c1", "b2"}, {"to", {"m"}}}, {{"c2", "b3"}, {"x", {"m", "to"}}}, {{"c2", "b4"}, {"x", {"m"}}}}));
  EXPECT_EQ(place.documents["b1"]["createdBy"], "to");
  EXPECT_EQ(place.documents["b1"]["mentors"], (Json{"m", "to"}));
  EXPECT_EQ(place.documents["b3"]["mentors"], (Json{"to", "m"})) << "in place";
  EXPECT_EQ(place.documents["b3"]["createdBy"], "x");
}

TEST(Takeover, RowsFirstThenDocuments) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from"});
  const Plan plan = std::get<Plan>(place.run(event_of({}), options_of()));
  ASSERT_EQ(plan.stages.size(), 3u);
  const auto& creators = std::get<RowGroup>(plan.stages[0].at(0));
  EXPECT_EQ(creators, (RowGroup{{.table = {"sunbird_courses", "course_batch"}, .key = {{"courseid", "c1"}, {"batchid", "b1"}}, .set = {{"createdby", "to"}}}}));
  const auto& mentors = std::get<RowGroup>(plan.stages[1].at(0));
  EXPECT_EQ(mentors,
            (RowGroup{{.table = {"sunbird_courses", "course_batch"}, .key = {{"courseid", "c1"}, {"batchid", "b1"}}, .set = {{"mentors", list_of({"to"})}}}}));
  EXPECT_EQ(std::get<DocumentGroup>(plan.stages[2].at(0)),
            (DocumentGroup{{.document = {"course-batch", "b1"}, .from = "from", .to = "to", .distinct = {"mentors"}}}));
}

TEST(Takeover, EachRowIsWrittenByItself) {
  Town place = town();
  for (const char* batch : {"b1", "b2", "b3"}) place.add_batch("c1", batch, "from");
  const Plan plan = std::get<Plan>(place.run(event_of({}), options_of()));
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(plan.stages[0].size(), 3u);
  EXPECT_EQ(std::get<DocumentGroup>(plan.stages[1].at(0)).size(), 3u);
}

TEST(Takeover, ABatchWithoutARowIsLeftAloneInBoth) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from"});
  place.rows.clear();
  const Town before = place;
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_FALSE(plan.writes());
  EXPECT_TRUE(place.rows.empty()) << "no row is made";
  EXPECT_EQ(place.documents, before.documents);
  EXPECT_EQ(remarks_in(plan, "a course batch was left out"), Texts{"batch=b1 course=c1 missing=row from=from to=to"});
  EXPECT_EQ(plan.counts["success-message-count"], 1u);
}

TEST(Takeover, ADocumentThatIsNotThereStaysMissing) {
  Town place = town();
  place.rows[{"c1", "b1"}] = {"from", {}};
  place.more_entries = {Json{{"batchId", "b1"}, {"courseId", "c1"}}};
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ((place.rows[{"c1", "b1"}].creator), "to");
  EXPECT_TRUE(place.documents.empty());
  EXPECT_EQ(remarks_in(plan, "a course batch was left out"), Texts{"batch=b1 course=c1 missing=document from=from to=to"});
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(std::get<DocumentGroup>(plan.stages[1].at(0)).size(), 1u) << "so that nobody changes the batch meanwhile";
}

TEST(Takeover, ARowThatSomebodyElseOwnsIsNotWritten) {
  // Table and index differ; the index is mended, the table is right.
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from", "m"});
  place.rows[{"c1", "b1"}] = {"another", {"m"}};
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ((place.rows[{"c1", "b1"}]), (Row{"another", {"m"}}));
  EXPECT_EQ(place.documents["b1"]["createdBy"], "to");
  EXPECT_EQ(place.documents["b1"]["mentors"], (Json{"to", "m"}));
  EXPECT_EQ(plan.counts["db-update-success-count"], 0u);
}

TEST(Takeover, OnlyThePartThatASearchFoundIsWritten) {
  Town place = town();
  place.add_batch("c1", "b1", "x", {"from"});
  place.rows[{"c1", "b1"}] = {"from", {"from"}};
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ((place.rows[{"c1", "b1"}]), (Row{"from", {"to"}}));
}

TEST(Takeover, NullsOfARow) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from"});
  place.rows[{"c1", "b1"}] = {};
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ((place.rows[{"c1", "b1"}]), Row());
  EXPECT_EQ(place.documents["b1"]["createdBy"], "to");
  EXPECT_TRUE(remarks_in(plan, "a course batch was left out").empty());
}

TEST(Takeover, TextsAtAnyDepthOfADocument) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from", "to", "from", "m"});
  Json& document = place.documents["b1"];
  document["description"] = "by from";
  document["more"] = {{"owner", "from"}, {"list", {"from", "from", 7, nullptr, {{"from", "from"}}}}};
  document["status"] = 1;
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ(document["description"], "by from") << "a part of a text is no id";
  EXPECT_EQ(document["more"], (Json{{"owner", "to"}, {"list", {"to", "to", 7, nullptr, {{"from", "to"}}}}}));
  EXPECT_EQ(document["mentors"], (Json{"to", "m"}));
}

TEST(Takeover, EndedBatchesStay) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {}, 2);
  EXPECT_FALSE(place.carry_out(event_of({}), options_of()).writes());
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
