#pragma once

#include <utility>
#include <vector>

#include "core/value.h"

namespace lernd::embedded {

/// The order of a set's members, a map's keys and of clustering columns: that of the type, texts by their bytes.
bool before(const Value& left, const Value& right);

/// The entries of a map in the order of their keys; of a repeated key the last entry counts.
std::vector<std::pair<Value, Value>> in_key_order(std::vector<std::pair<Value, Value>> entries);

/// The members of a set: sorted, each once.
std::vector<Value> as_set(std::vector<Value> items);

}  // namespace lernd::embedded
