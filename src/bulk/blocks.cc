#include "bulk/blocks.h"

namespace lernd::bulk {

Result<std::optional<Block>> BlockReader::next() {
  Block block{.number = number_ + 1, .items = {}};
  while (std::ssize(block.items) < block_size_) {
    const auto line = reader_.next();
    if (!line) return std::unexpected(line.error());
    if (!*line) break;
    const auto position = position_++;
    if (!done_.contains(position)) block.items.push_back({.position = position, .line = std::string(**line)});
  }
  if (block.items.empty()) return std::nullopt;
  ++number_;
  return block;
}

}  // namespace lernd::bulk
