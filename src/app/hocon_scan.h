#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lernd {

/// What the library that reads HOCON does not tell: on which lines keys and includes stand, and where brackets are out of balance.
///
/// A light reading of the text, not a second parser: values are passed over, and what is wrong inside them is the library's to find. Lines count from 1.
struct HoconScan {
  struct Key {
    std::string path;  ///< dotted, quotes dropped
    int line = 0;
  };
  struct Include {
    std::size_t begin = 0;  ///< first byte of the statement
    std::size_t end = 0;    ///< byte after it
    std::string file;
    int line = 0;
  };
  struct Fault {
    int line = 0;
    std::string text;
  };
  std::vector<Key> keys;
  std::vector<Include> includes;
  std::optional<Fault> fault;  ///< the first one; what comes after it is not read
};

HoconScan scan_hocon(std::string_view text);

}  // namespace lernd
