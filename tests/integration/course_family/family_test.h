#pragma once

#include "integration/course_family/world.h"

namespace lernd::family {

/// Random histories through the four jobs in one process that is killed again and again; what is there at the end is what the model says. Prints its seed.
void expect_histories_to_end_as_the_model_says(Backend backend, std::size_t histories);

}  // namespace lernd::family
