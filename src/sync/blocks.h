#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "sync/id_list.h"
#include "sync/intervals.h"
#include "sync/object_type.h"

namespace lernd::sync {

/// An id to be sent.
struct Item {
  std::int64_t position = 0;  ///< in the list of cleaned ids, from 0
  std::string line;           ///< as it stands there
};

/// The ids of one request.
struct Block {
  std::int64_t number = 0;  ///< from 1, as in the logs
  std::vector<Item> items;
};

/// Cuts the list of ids into blocks, in order, leaving out those that are done. The list and `done` outlive it.
class BlockReader {
 public:
  BlockReader(const File& list, const Intervals& done, std::int64_t block_size) : reader_(list), done_(done), block_size_(block_size) {}
  /// The next block; nothing when there is none left.
  Result<std::optional<Block>> next();

 private:
  IdListReader reader_;
  const Intervals& done_;
  const std::int64_t block_size_;
  std::int64_t position_ = 0;
  std::int64_t number_ = 0;
};

/// The body of the request for these ids. Source: sync.md section 5.1.
std::string body_of(const ObjectType& type, bool verify, std::span<const Item> items);

/// How many of the first ids fit into a body of this size; at least one.
std::size_t count_that_fits(const ObjectType& type, bool verify, std::span<const Item> items, std::size_t body_bytes_max);

}  // namespace lernd::sync
