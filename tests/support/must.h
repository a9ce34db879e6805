#pragma once

#include <stdexcept>
#include <type_traits>
#include <utility>

#include "core/error.h"

namespace lernd {

/// The value of a result that has to be there. Errors: std::runtime_error with the error's text.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace lernd
