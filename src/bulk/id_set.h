#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace lernd::bulk {

/// A set of ids, compared byte by byte, in little memory: about 30 bytes for a UUID in its usual form (17 bytes and a slot), a slot and the length for any
/// other.
class IdSet {
 public:
  IdSet();
  /// True when it was not there before.
  bool insert(std::string_view id);
  std::size_t size() const { return size_; }

 private:
  std::string_view entry_at(std::uint64_t place) const;
  std::uint64_t append(std::string_view entry);
  void grow();

  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t used_;  ///< of the last chunk
  std::vector<std::uint64_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace lernd::bulk
