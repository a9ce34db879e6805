#include "jobs/user_ownership_transfer/batch_search.h"

#include <functional>

#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

using Calls = std::vector<std::string>;

Calls searches_in(const Town& town) {
  Calls searches;
  for (const std::string& call : town.calls) {
    if (call.contains('@')) searches.push_back(call);
  }
  return searches;
}

Town town_with(std::size_t batches) {
  Town place = town();
  for (std::size_t i = 0; i < batches; ++i) place.add_batch("c" + std::to_string(i % 7), "b" + std::to_string(10000 + i), "from");
  return place;
}

std::size_t left_to(const Town& town, const std::string& user) {
  return static_cast<std::size_t>(std::ranges::count_if(town.rows, [&](const auto& row) { return row.second.creator == user; }));
}

TEST(BatchSearch, TheRequests) {
  const auto options = options_of();
  const auto created = search_query(options, Part::creator, "u\"1", 0);
  EXPECT_EQ(created.method, "POST");
  EXPECT_EQ(created.url, "http://courses/v1/course/batch/search");
  EXPECT_EQ(created.headers, (std::vector<Header>{{"Content-Type", "application/json"}}));
  EXPECT_EQ(created.body, R"({"request":{"filters":{"createdBy":"u\"1","status":[0,1]},)"
                          R"("fields":["identifier","createdFor","batchId","courseId","startDate","enrollmentType"]}})");
  EXPECT_EQ(search_query(options, Part::mentor, "u1", 30).body,
            R"({"request":{"filters":{"mentors":["u1"],"status":[0,1]},)"
            R"("fields":["identifier","createdFor","batchId","courseId","startDate","enrollmentType","mentors"],"offset":30}})");
}

TEST(BatchSearch, AllPagesAreRead) {
  for (const std::size_t batches : {1u, 29u, 30u, 31u, 60u, 61u, 100u}) {
    Town place = town_with(batches);
    place.carry_out(event_of({}), options_of());
    EXPECT_EQ(left_to(place, "to"), batches);
    EXPECT_EQ(searches_in(place).size(), (batches + 29) / 30 + 1) << "no page more than needed";
  }
}

TEST(BatchSearch, PagesFollowEachOther) {
  Town place = town_with(95);
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ(searches_in(place), (Calls{"created@0", "created@30", "created@60", "created@90", "mentored@0"}));
}

TEST(BatchSearch, ManyPagesTakeFewRounds) {
  Town place = town_with(3000);
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ(left_to(place, "to"), 3000u);
  EXPECT_EQ(searches_in(place).size(), 101u);
  EXPECT_LE(place.rounds, 16);
}

/// The batches from `first` on, at most `most` of them and none from `end` on, as the search lists them.
Json page_of(std::size_t count, std::size_t first, std::size_t most, std::size_t end) {
  Json content = Json::array();
  for (std::size_t i = first; i < end && i < first + most; ++i) content.push_back({{"batchId", "b" + std::to_string(i)}, {"courseId", "c"}});
  return {{"count", count}, {"content", content}};
}

/// What comes of a search that answers as `response` says for an offset.
Listing listed(const std::function<Json(std::size_t offset)>& response) {
  Facts facts;
  for (int round = 0; round < 100; ++round) {
    Ask ask;
    Listing listing = list_batches(Part::creator, "from", facts, options_of(), ask);
    if (!ask.pending()) return listing;
    for (const HttpQuery& query : ask.http) {
      const auto offset = Json::parse(query.body)["request"].value("offset", std::size_t{0});
      facts.put(query, HttpAnswer{.status = 200, .body = Json{{"result", {{"response", response(offset)}}}}.dump()});
    }
  }
  ADD_FAILURE() << "the pages do not come to an end";
  return {};
}

TEST(BatchSearch, PagesOfAnyLengthAreReadToTheEnd) {
  // The search gives less than asked for now and then; the next page begins where this one ended.
  std::size_t turn = 0;
  const Listing listing = listed([&](std::size_t offset) { return page_of(100, offset, ++turn % 2 == 0 ? 7 : 30, 100); });
  EXPECT_EQ(listing.batches.size(), 100u);
  EXPECT_FALSE(listing.short_of_count);
}

TEST(BatchSearch, APageThatCountsFewerDoesNotEndTheSearch) {
  for (const std::size_t later : {0u, 30u, 60u, 94u}) {
    const Listing listing = listed([&](std::size_t offset) { return page_of(offset == 0 ? 95 : later, offset, 30, 95); });
    EXPECT_EQ(listing.batches.size(), 95u) << later;
    EXPECT_FALSE(listing.short_of_count) << later;
  }
}

TEST(BatchSearch, ACountThatGrowsIsFollowed) {
  const Listing listing = listed([](std::size_t offset) { return page_of(offset < 60 ? 31 + offset : 95, offset, 30, 95); });
  EXPECT_EQ(listing.batches.size(), 95u);
  EXPECT_FALSE(listing.short_of_count);
}

TEST(BatchSearch, WhatIsListedTwiceInPlaceOfAnotherIsMissed) {
  // The order has changed between two pages: five entries of the first come once more, and five others never.
  const Listing listing = listed([](std::size_t offset) { return page_of(60, offset == 0 ? 0 : offset - 5, 30, 55); });
  EXPECT_EQ(listing.batches.size(), 55u);
  EXPECT_TRUE(listing.short_of_count);
}

TEST(BatchSearch, ACountThatLiesDoesNotLoop) {
  Town place = town_with(45);
  place.uncounted = 1000;
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ(left_to(place, "to"), 45u);
  EXPECT_LE(searches_in(place).size(), 8u);
  EXPECT_EQ(remarks_in(plan, "the search for course batches counts more than it lists").size(), 1u);
}

TEST(BatchSearch, PagesThatRepeatThemselvesDoNotLoop) {
  Town place = town_with(45);
  place.ignores_offset = true;
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ(left_to(place, "to"), 30u);
  EXPECT_LE(searches_in(place).size(), 5u);
}

TEST(BatchSearch, ACountThatIsTooSmallEndsTheSearch) {
  Town place = town();
  place.search_answers["created"] = {
      .status = 200, .body = R"({"result":{"response":{"count":1,"content":[{"batchId":"b1","courseId":"c"},{"batchId":"b2","courseId":"c"}]}}})"};
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ(searches_in(place), (Calls{"created@0", "mentored@0"}));
  EXPECT_EQ(remarks_in(plan, "a course batch was left out").size(), 2u) << "both are taken";
}

TEST(BatchSearch, EntriesWithoutIdsAreLeftOut) {
  Town place = town_with(2);
  place.page = 100;
  place.more_entries = {
      Json{{"courseId", "c0"}}, Json{{"batchId", "b1"}}, Json{{"batchId", ""}, {"courseId", "c"}}, Json{{"batchId", 7}, {"courseId", "c"}}, Json("x"), Json()};
  place.carry_out(event_of({}), options_of());
  EXPECT_EQ(left_to(place, "to"), 2u);
}

TEST(BatchSearch, NothingIsFoundWithoutACount) {
  for (const char* body : {"{}", R"({"result":{}})", R"({"result":{"response":{}}})", R"({"result":{"response":{"count":null}}})",
                           R"({"result":{"response":{"count":0,"content":null}}})", R"({"result":{"response":{"count":"3"}}})"}) {
    Town place = town_with(3);
    place.search_answers["created"] = {.status = 200, .body = body};
    const Plan plan = place.carry_out(event_of({}), options_of());
    EXPECT_FALSE(plan.writes()) << body;
    EXPECT_EQ(plan.counts["success-message-count"], 1u);
  }
}

TEST(BatchSearch, AnyOtherStatusIsAnError) {
  for (const std::string kind : {"created", "mentored"}) {
    for (const int status : {201, 302, 400, 404, 500, 502}) {
      Town place = town_with(3);
      place.search_answers[kind] = {.status = status, .body = "Bad gateway"};
      const Step step = place.run(event_of({}), options_of());
      const Reject& reject = std::get<Reject>(step);
      EXPECT_EQ(reject.error.treatment, Treatment::retry);
      EXPECT_NE(reject.error.text.find(kind), std::string::npos) << reject.error.text;
      EXPECT_NE(reject.error.text.find(std::to_string(status)), std::string::npos) << reject.error.text;
      EXPECT_FALSE(reject.own_fault);
      EXPECT_EQ(searches_in(place).size(), kind == "created" ? 1u : 2u) << "no mentors are searched for after a failure";
    }
  }
}

TEST(BatchSearch, ARequestThatTheServiceCallsBadIsTheEventsOwnFault) {
  Town place = town();
  place.search_answers["created"] = {.status = 400, .body = R"({"responseCode":"CLIENT_ERROR","result":{}})"};
  EXPECT_TRUE(std::get<Reject>(place.run(event_of({}), options_of())).own_fault);
}

TEST(BatchSearch, WhatCannotBeReadIsAFailureOfTheService) {
  const auto fails = search_query(options_of(), Part::creator, "u1", 0).failure;
  ASSERT_NE(fails, nullptr);
  for (const char* body : {"", "<html>", "[]", "null", R"({"result":)"}) EXPECT_TRUE(fails({.status = 200, .body = body})) << body;
  EXPECT_FALSE(fails({.status = 200, .body = "{}"})) << "nothing is found";
  EXPECT_FALSE(fails({.status = 400, .body = ""})) << "it is the request's fault";
}

TEST(BatchSearch, WhatCannotBeReadIsAnError) {
  for (const char* body : {"", "<html>", "[]", "null", R"({"result":)"}) {
    Town place = town();
    place.search_answers["mentored"] = {.status = 200, .body = body};
    EXPECT_EQ(std::get<Reject>(place.run(event_of({}), options_of())).error.code, ErrorCode::bad_answer) << body;
  }
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
