#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace lernd::bulk {

/// SHA-256 over pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::string_view bytes);
  /// The digest in hexadecimal; ends the use of the object.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace lernd::bulk
