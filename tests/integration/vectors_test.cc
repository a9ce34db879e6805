// `lernd test` over all case files, where no server is needed.
#include <gtest/gtest.h>

#include "integration/vectors.h"

namespace lernd {
namespace {

TEST(VectorsInMemory, AllPassAndOneThatIsWrongFails) { expect_vectors_pass({"--on", "memory"}); }

TEST(VectorsOnAFile, AllPassAndOneThatIsWrongFails) { expect_vectors_pass({"--on", "file"}); }

}  // namespace
}  // namespace lernd
