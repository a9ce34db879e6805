#include <gtest/gtest.h>

#include "integration/course_family/family_test.h"

namespace lernd::family {
namespace {

TEST(CourseFamily, TwoHundredHistoriesOnServices) { expect_histories_to_end_as_the_model_says(Backend::services, 200); }

}  // namespace
}  // namespace lernd::family
