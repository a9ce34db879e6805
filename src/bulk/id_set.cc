#include "bulk/id_set.h"

#include <cstring>
#include <functional>
#include <optional>
#include <string>

namespace lernd::bulk {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kUuidBytes = 16;
constexpr char kUuid = 'u';
constexpr char kOther = 'o';

// A slot is 0 when it is free; else 24 bits of the hash and 40 bits of the place of the entry, counted from 1.
constexpr int kPlaceBits = 40;
constexpr std::uint64_t kPlaceMask = (std::uint64_t{1} << kPlaceBits) - 1;

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The 16 bytes of a UUID in its usual form: lower case, with hyphens. Only that, so that two texts never have the same bytes.
std::optional<std::string> packed(std::string_view id) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (id.size() != kForm.size()) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < id.size();) {
    if (kForm[i] == '-') {
      if (id[i++] != '-') return std::nullopt;
      continue;
    }
    const int high = nibble(id[i]);
    const int low = nibble(id[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return bytes;
}

/// What is stored of an id: a tag, for other ids a length, and the bytes.
std::string entry_of(std::string_view id) {
  if (const auto bytes = packed(id)) return kUuid + *bytes;
  const auto length = static_cast<std::uint32_t>(id.size());
  std::string entry(1 + kLengthBytes, kOther);
  std::memcpy(entry.data() + 1, &length, kLengthBytes);
  return entry.append(id);
}

}  // namespace

IdSet::IdSet() : used_(kChunkBytes), slots_(kFirstSlots) {}

std::string_view IdSet::entry_at(std::uint64_t place) const {
  const char* at = chunks_[place / kChunkBytes].get() + place % kChunkBytes;
  if (*at == kUuid) return {at, 1 + kUuidBytes};
  std::uint32_t length = 0;
  std::memcpy(&length, at + 1, kLengthBytes);
  return {at, 1 + kLengthBytes + length};
}

std::uint64_t IdSet::append(std::string_view entry) {
  if (kChunkBytes - used_ < entry.size()) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(std::max(kChunkBytes, entry.size())));
    used_ = 0;
  }
  const auto place = (chunks_.size() - 1) * kChunkBytes + used_;
  std::memcpy(chunks_.back().get() + used_, entry.data(), entry.size());
  used_ = std::min(kChunkBytes, used_ + entry.size());
  return place;
}

bool IdSet::insert(std::string_view id) {
  if (size_ + 1 > slots_.size() / 10 * 7) grow();
  const std::string entry = entry_of(id);
  const std::uint64_t hash = std::hash<std::string_view>()(entry);
  const std::uint64_t tag = hash >> kPlaceBits << kPlaceBits;
  for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    std::uint64_t& slot = slots_[at];
    if (slot == 0) {
      slot = tag | (append(entry) + 1);
      ++size_;
      return true;
    }
    if ((slot & ~kPlaceMask) == tag && entry_at((slot & kPlaceMask) - 1) == entry) return false;
  }
}

void IdSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2);
  old.swap(slots_);
  for (const std::uint64_t slot : old) {
    if (slot == 0) continue;
    auto at = std::hash<std::string_view>()(entry_at((slot & kPlaceMask) - 1)) & (slots_.size() - 1);
    while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace lernd::bulk
