#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bulk/files.h"
#include "bulk/id_list.h"
#include "bulk/intervals.h"
#include "core/error.h"

namespace lernd::bulk {

/// An id that something is to be done with.
struct Item {
  std::int64_t position = 0;  ///< in the list of cleaned ids, from 0
  std::string line;           ///< as it stands there
};

/// The ids that go together.
struct Block {
  std::int64_t number = 0;  ///< from 1
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

}  // namespace lernd::bulk
