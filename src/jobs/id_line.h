#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lernd {

/// The text of a remark about ids: `mid=… from=… to=…`, in the order of the calls, for people and for grep.
///
/// A value that is empty or has a character that is no part of ids stands in quotes, as JSON does it; of a long one only the beginning. Texts of an event may
/// be anything, so no line break of theirs reaches a log.
class IdLine {
 public:
  IdLine& add(std::string_view name, std::string_view value);
  IdLine& add(std::string_view name, std::size_t n);
  const std::string& text() const { return text_; }

 private:
  void open(std::string_view name);

  std::string text_;
};

}  // namespace lernd
