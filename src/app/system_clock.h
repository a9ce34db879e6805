#pragma once

#include <memory>

#include "ports/clock.h"

namespace lernd {

/// The machine's clocks and random numbers.
std::unique_ptr<Clock> make_system_clock();

}  // namespace lernd
