#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "bulk/blocks.h"
#include "sync/object_type.h"

namespace lernd::sync {

/// The body of the request for these ids. Source: sync.md section 5.1.
std::string body_of(const ObjectType& type, bool verify, std::span<const bulk::Item> items);

/// How many of the first ids fit into a body of this size; at least one.
std::size_t count_that_fits(const ObjectType& type, bool verify, std::span<const bulk::Item> items, std::size_t body_bytes_max);

}  // namespace lernd::sync
