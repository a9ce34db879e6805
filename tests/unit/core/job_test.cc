#include "core/job.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <set>

#include "support/seed.h"

namespace lernd {
namespace {

const std::regex kVersion4("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

TEST(Stamp, IdsAreVersion4Uuids) {
  std::mt19937_64 random(test_seed());
  for (int i = 0; i < 1000; ++i) {
    const Stamp stamp{.now = {}, .seed = {random(), random()}};
    EXPECT_TRUE(std::regex_match(stamp.uuid(static_cast<unsigned>(i) % 4), kVersion4)) << stamp.uuid(static_cast<unsigned>(i) % 4);
  }
  for (const auto edge : {std::uint64_t{0}, ~std::uint64_t{0}}) EXPECT_TRUE(std::regex_match(Stamp{.now = {}, .seed = {edge, edge}}.uuid(0), kVersion4));
}

TEST(Stamp, IdsOfOneEventAndOfDifferentEventsAreDistinct) {
  std::mt19937_64 random(test_seed());
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const Stamp stamp{.now = {}, .seed = {random(), random()}};
    for (unsigned n = 0; n < 4; ++n) ids.insert(stamp.uuid(n));
  }
  EXPECT_EQ(ids.size(), 4000u);
}

TEST(Stamp, NeighbouringSeedsDoNotShareIds) {
  std::set<std::string> ids;
  for (std::uint64_t a = 0; a < 30; ++a) {
    for (std::uint64_t b = 0; b < 30; ++b) {
      for (unsigned n = 0; n < 4; ++n) ids.insert(Stamp{.now = {}, .seed = {a, b}}.uuid(n));
    }
  }
  EXPECT_EQ(ids.size(), 30u * 30u * 4u);
}

TEST(Stamp, TheSameSeedGivesTheSameIds) {
  const Stamp stamp{.now = {1}, .seed = {7, 9}};
  const Stamp later{.now = {2}, .seed = {7, 9}};
  EXPECT_EQ(stamp.uuid(3), later.uuid(3));
  EXPECT_NE(stamp.uuid(3), stamp.uuid(2));
}

TEST(Error, NamesReadBack) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) EXPECT_EQ(error_code_named(name_of(static_cast<ErrorCode>(i))), static_cast<ErrorCode>(i));
  for (const auto treatment : {Treatment::skip, Treatment::reject, Treatment::retry, Treatment::fatal})
    EXPECT_EQ(treatment_named(name_of(treatment)), treatment);
  EXPECT_EQ(error_code_named("no such code"), ErrorCode::internal);
  EXPECT_EQ(treatment_named("no such treatment"), Treatment::fatal);
  EXPECT_EQ(name_of(ErrorCode::unpublished_course), "unpublished_course");
  EXPECT_EQ(name_of(Treatment::reject), "reject");
}

TEST(Record, BytesAreThoseOfKeyAndValue) {
  EXPECT_EQ((Record{.key = "ab", .value = "cde", .headers = {{"h", "long header"}}}).bytes(), 5u);
  EXPECT_EQ(Record().bytes(), 0u);
  EXPECT_EQ(Offset{4}.next(), Offset{5});
}

}  // namespace
}  // namespace lernd
