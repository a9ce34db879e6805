#include "jobs/activity_aggregate_updater/fingerprints.h"

#include <gtest/gtest.h>

#include "unit/jobs/school.h"

namespace lernd::activity_aggregate_updater {
namespace {

const CacheId kDatabase{"dedup-redis", 3};
const std::string kOfR1 = "3451DF21A5A0A0816E3B5A50F5121901";  // course001|Batch1|user001|do_R1|2, as the specification gives it

Options options(bool drop_duplicates = true) {
  Options options;
  options.drop_duplicates = drop_duplicates;
  options.fingerprints = kDatabase;
  options.fingerprint_expiry = std::chrono::seconds(60);
  return options;
}

ContentsFinished event(std::vector<std::string> contents) {
  ContentsFinished event;
  event.enrolment = {"user001", "course001", "Batch1"};
  event.contents = std::move(contents);
  return event;
}

TEST(Fingerprints, AreThoseOfTheFlinkJob) {
  const auto finished = event({"do_R1", "do_R1"});
  const auto own = options();
  auto fingerprints = Fingerprints::of(finished, own);
  ASSERT_TRUE(fingerprints);
  Ask ask;
  EXPECT_FALSE(fingerprints->look_up(Facts(), ask));
  EXPECT_EQ(ask.cache, (std::vector<CacheQuery>{{kDatabase, CacheKind::text, kOfR1}}));
  EXPECT_TRUE(fingerprints->writes().empty());
  fingerprints->remember("do_R1");
  EXPECT_TRUE(fingerprints->remembers("do_R1"));
  EXPECT_EQ(fingerprints->writes(),
            (std::vector<CacheWrite>{{CacheWrite::Kind::put_text, kDatabase, kOfR1, {.text = "", .members = {}, .fields = {}}, std::chrono::seconds(60)}}));
}

TEST(Fingerprints, AnEmptyTextIsThere) {
  const auto finished = event({"do_R1", "do_R2"});
  const auto own = options();
  auto fingerprints = Fingerprints::of(finished, own);
  Ask ask;
  fingerprints->look_up(Facts(), ask);
  ASSERT_EQ(ask.cache.size(), 2u);
  Facts facts;
  for (const auto& query : ask.cache) facts.put(query, query.key == kOfR1 ? CacheValue{.text = "", .members = {}, .fields = {}} : CacheValue());
  Ask more;
  EXPECT_TRUE(fingerprints->look_up(facts, more));
  EXPECT_FALSE(more.pending());
  EXPECT_TRUE(fingerprints->remembers("do_R1"));
  EXPECT_FALSE(fingerprints->remembers("do_R2"));
  EXPECT_TRUE(fingerprints->writes().empty()) << "one that is there keeps its expiry";
}

TEST(Fingerprints, AreNeitherReadNorKeptWhenDuplicatesCount) {
  const auto finished = event({"do_R1"});
  const auto own = options(false);
  auto fingerprints = Fingerprints::of(finished, own);
  Ask ask;
  EXPECT_TRUE(fingerprints->look_up(Facts(), ask));
  EXPECT_FALSE(ask.pending());
  fingerprints->remember("do_R1");
  EXPECT_FALSE(fingerprints->remembers("do_R1"));
  EXPECT_TRUE(fingerprints->writes().empty());
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
