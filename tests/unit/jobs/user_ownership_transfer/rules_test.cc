#include "jobs/user_ownership_transfer/rules.h"

#include "jobs/user_ownership_transfer/job.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

using Texts = std::vector<std::string>;
using Values = std::map<std::string, std::uint64_t>;

const std::string kIds = " mid=m1 from=from to=to org=org by=admin context=\"User Deletion\" ";

Transfer folded(const std::vector<Ordered>& all, const Settings& settings = {}) {
  const auto job = description().make(values_of(settings));
  Transfer event = event_of(all.front());
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_TRUE(job->fold(event, event_of(all[i])));
  return event;
}

TEST(TransferRules, TheExampleOfTheSpecification) {
  Town place = town();
  place.add_batch("C1", "B1", "from");
  place.add_batch("C2", "B2", "x", {"m", "from"});
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ((place.rows[{"C1", "B1"}].creator), "to");
  EXPECT_EQ((place.rows[{"C2", "B2"}].mentors), (Texts{"m", "to"}));
  EXPECT_EQ(place.documents["B1"]["createdBy"], "to");
  EXPECT_EQ(place.documents["B2"]["mentors"], (Json{"m", "to"}));
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 2}, {"db-update-success-count", 2}, {"success-message-count", 1}}));
}

TEST(TransferRules, EverythingIsReadBeforeAnythingIsWritten) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from"});
  Facts facts;
  const Step step = place.run(event_of({}), options_of(), &facts);
  EXPECT_TRUE(std::holds_alternative<Plan>(step));
  EXPECT_EQ(place.calls, (Texts{"from", "to", "created@0", "mentored@0"}));
}

TEST(TransferRules, GroupsAreCountedByTheConfiguredSize) {
  const auto groups = [](std::size_t creators, std::size_t mentors, const std::string& size) {
    Town place = town();
    for (std::size_t i = 0; i < creators; ++i) place.add_batch("c", "a" + std::to_string(i), "from");
    for (std::size_t i = 0; i < mentors; ++i) place.add_batch("c", "b" + std::to_string(i), "x", {"from"});
    return place.carry_out(event_of({}), options_of({{"threshold.batch.write.size", size}})).counts["db-update-success-count"];
  };
  EXPECT_EQ(groups(0, 0, "10"), 0u);
  EXPECT_EQ(groups(10, 10, "10"), 2u);
  EXPECT_EQ(groups(11, 1, "10"), 3u);
  EXPECT_EQ(groups(7, 0, "3"), 3u);
  EXPECT_EQ(groups(4, 4, "1"), 8u);
}

TEST(TransferRules, NothingToTransferIsASuccess) {
  Town place = town();
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 2}, {"success-message-count", 1}}));
}

TEST(TransferRules, ToOneselfIsValidAndChangesNothing) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from", "from"});
  const Plan plan = place.carry_out(event_of({.to = "from"}), options_of());
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 2}, {"success-message-count", 1}}));
  Town stranger = town();
  EXPECT_EQ(stranger.carry_out(event_of({.from = "x", .to = "x"}), options_of()).counts["skipped-message-count"], 1u);
}

TEST(TransferRules, AnEventWithAFaultIsSkippedWithoutACall) {
  Town place = town();
  const Plan plan = place.carry_out(event_of({.from = ""}), options_of());
  EXPECT_TRUE(place.calls.empty());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"skipped-message-count", 1}}));
  EXPECT_FALSE(plan.writes());
}

TEST(TransferRules, FoldedEventsCountAndTellForEach) {
  Town place = town();
  place.add_batch("c1", "b1", "from");
  const Plan plan = place.carry_out(folded({{.mid = "m1"}, {.mid = "m2", .asset = {{"objectType", "Content"}}}, {.mid = "m3"}}), options_of());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 6}, {"db-update-success-count", 1}, {"success-message-count", 3}}));
  EXPECT_EQ(place.calls.size(), 4u);
  const auto endings = remarks_in(plan, "an ownership transfer ended");
  ASSERT_EQ(endings.size(), 3u);
  EXPECT_NE(endings[0].find("mid=m1 "), std::string::npos);
  EXPECT_NE(endings[0].find(" rows=1 "), std::string::npos);
  EXPECT_NE(endings[1].find("mid=m2 "), std::string::npos);
  EXPECT_NE(endings[1].find(" rows=0 "), std::string::npos);
  EXPECT_NE(endings[2].find("mid=m3 "), std::string::npos);
}

TEST(TransferRules, FoldedEventsThatAreSkippedOrParked) {
  Town place = town();
  place.add_user("to", "other");
  const auto event = folded({{.mid = "m1"}, {.mid = "m2"}});
  const Plan skipped = place.carry_out(event, options_of());
  EXPECT_EQ(counts_in(skipped.counts), (Values{{"api-read-success-count", 4}, {"skipped-message-count", 2}}));
  EXPECT_EQ(skipped.remarks.size(), 2u);

  place.search_answers["created"] = {.status = 500, .body = ""};
  place.add_user("to");
  Facts facts;
  const Step step = place.run(event, options_of(), &facts);
  const Plan plan = parked(event, facts, std::get<Reject>(step).error, options_of());
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 4}}));
  EXPECT_EQ(remarks_in(plan, "an ownership transfer ended").size(), 2u);
}

TEST(TransferRules, TheLinesOfTheLog) {
  Town place = town();
  place.add_batch("c1", "b1", "from", {"from"});
  place.add_batch("c1", "b2", "x", {"from"});
  place.add_batch("c1", "b3", "from");
  place.rows.erase({"c1", "b3"});
  place.add_batch("c1", "b4", "from");
  place.rows[{"c1", "b4"}] = {"x", {}};
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ(remarks_in(plan, "an ownership transfer ended"),
            Texts{"outcome=done reason=-" + kIds + "created=3 mentored=2 rows=2 documents=3 no_row=1 no_document=0"});
  EXPECT_EQ(remarks_in(plan, "a course batch has another owner"),
            (Texts{"batch=b1 course=c1 from=from to=to table=createdby,mentors index=createdBy,mentors",
                   "batch=b4 course=c1 from=from to=to table=- index=createdBy", "batch=b2 course=c1 from=from to=to table=mentors index=mentors"}));
  EXPECT_EQ(remarks_in(plan, "a course batch was left out"), Texts{"batch=b3 course=c1 missing=row from=from to=to"});
  for (const Remark& remark : plan.remarks) {
    EXPECT_TRUE(remark.audit) << remark.what;
    EXPECT_EQ(remark.warning, remark.what == "a course batch was left out") << remark.what;
  }
}

TEST(TransferRules, TheLineOfASkippedEventSaysWhy) {
  const std::string figures = "created=0 mentored=0 rows=0 documents=0 no_row=0 no_document=0";
  Town place = town();
  place.add_user("from", "other");
  EXPECT_EQ(remarks_in(place.carry_out(event_of({}), options_of()), "an ownership transfer ended"),
            Texts{"outcome=skipped reason=\"the old owner is not of the organisation\"" + kIds + figures});
  const auto job = description().make(values_of());
  const Plan skipped = job->skipped(read(record_of("not json")).error(), {{"topic", 3}, {7}});
  EXPECT_EQ(counts_in(skipped.counts), (Values{{"skipped-message-count", 1}}));
  ASSERT_EQ(skipped.remarks.size(), 1u);
  EXPECT_TRUE(skipped.remarks[0].audit);
  EXPECT_TRUE(skipped.remarks[0].about.starts_with("outcome=skipped reason=\"")) << skipped.remarks[0].about;
  EXPECT_TRUE(skipped.remarks[0].about.ends_with(" topic=topic partition=3 offset=7")) << skipped.remarks[0].about;
}

TEST(TransferRules, TheLineOfAParkedEventNamesTheFault) {
  const Plan plan = parked(event_of({}), Facts(), {Treatment::retry, ErrorCode::timed_out, "the user service timed out"}, options_of());
  EXPECT_TRUE(plan.counts.all().empty());
  EXPECT_EQ(remarks_in(plan, "an ownership transfer ended"),
            Texts{"outcome=parked reason=timed_out" + kIds + "created=0 mentored=0 rows=0 documents=0 no_row=0 no_document=0"});
}

TEST(AssetFilter, IsOffByDefault) {
  Town place = town();
  place.add_batch("c1", "b1", "from");
  EXPECT_TRUE(place.carry_out(event_of({.asset = {{"objectType", "Content"}, {"identifier", "do_1"}}}), options_of()).writes());
}

TEST(AssetFilter, OnlyTheBatchThatIsNamed) {
  const Settings filter = {{"ownership.asset.filter", "true"}};
  for (const std::string type : {"Course Batch", "coursebatch", " COURSE  batch"}) {
    Town place = town();
    place.add_batch("c1", "b1", "from", {"from"});
    place.add_batch("c1", "b2", "from", {"from"});
    place.carry_out(event_of({.asset = {{"objectType", type}, {"identifier", "b2"}}}), options_of(filter));
    EXPECT_EQ((place.rows[{"c1", "b1"}]), (Row{"from", {"from"}})) << type;
    EXPECT_EQ((place.rows[{"c1", "b2"}]), (Row{"to", {"to"}})) << type;
    EXPECT_EQ(place.documents["b1"]["createdBy"], "from");
    EXPECT_EQ(place.documents["b2"]["createdBy"], "to");
  }
}

TEST(AssetFilter, OtherAssetsAreSkippedAndNoneMeansAll) {
  const Settings filter = {{"ownership.asset.filter", "true"}};
  Town place = town();
  place.add_batch("c1", "b1", "from");
  for (const Json& asset : {Json{{"objectType", "Content"}, {"identifier", "b1"}}, Json{{"identifier", "b1"}}, Json{{"objectType", "Course Batch"}},
                            Json{{"objectType", "Course Batch"}, {"identifier", ""}}}) {
    const Plan plan = place.carry_out(event_of({.asset = asset}), options_of(filter));
    EXPECT_EQ(counts_in(plan.counts), (Values{{"skipped-message-count", 1}})) << asset;
    EXPECT_TRUE(place.calls.empty());
  }
  for (const Json& none : {Json::object(), Json()}) {
    Town other = place;
    EXPECT_TRUE(other.carry_out(event_of({.asset = none}), options_of(filter)).writes()) << none;
  }
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
