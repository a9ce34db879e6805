#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace lernd::cassandra {

/// The length in front of the bytes of a cell.
inline constexpr std::size_t kLengthBytes = 4;

/// Two's complement, big-endian.
template <std::unsigned_integral Bits>
void append_bits(Bits bits, std::string& bytes) {
  for (int shift = static_cast<int>(sizeof(Bits) * 8) - 8; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((bits >> shift) & 0xff));
}

template <std::unsigned_integral Bits>
Bits bits_of(std::string_view bytes) {
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(Bits); ++i) bits = static_cast<Bits>(static_cast<Bits>(bits << 8) | static_cast<unsigned char>(bytes[i]));
  return bits;
}

template <std::signed_integral Int>
Int integer_of(std::string_view bytes) {
  return static_cast<Int>(bits_of<std::make_unsigned_t<Int>>(bytes));
}

}  // namespace lernd::cassandra
