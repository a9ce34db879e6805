#pragma once

#include <stdexcept>
#include <type_traits>
#include <utility>

#include "core/error.h"

namespace lernd::bench {

/// The value, or the error's text as an exception: a bench that cannot go on says why and ends.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace lernd::bench
