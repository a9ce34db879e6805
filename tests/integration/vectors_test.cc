// `lernd test` over all case files, where no server is needed.
#include <gtest/gtest.h>

#include "integration/vectors.h"

namespace lernd {
namespace {

class Vectors : public testing::TestWithParam<const char*> {};

TEST_P(Vectors, AllPassAndOneThatIsWrongFails) {
  const std::vector<std::string> words{"--on", GetParam()};
  for (const auto& job : jobs_with_cases()) expect_vectors_pass(job, words);
  expect_a_wrong_vector_fails(words);
}

INSTANTIATE_TEST_SUITE_P(On, Vectors, testing::Values("memory", "file"), [](const auto& place) { return std::string(place.param); });

}  // namespace
}  // namespace lernd
