#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/options.h"

namespace lernd::sync {

/// A URL with the user and password inside it masked.
std::string shown_url(std::string_view url);

/// Texts that must not be shown, and the masking of them.
class Secrets {
 public:
  explicit Secrets(const Options& options);
  std::string masked(std::string text) const;

 private:
  std::vector<std::string> secrets_;
};

}  // namespace lernd::sync
