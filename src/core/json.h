#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/value.h"

namespace lernd {

/// A read-only view of a JSON value inside a JsonDocument; valid as long as the document is. Copying is cheap. A default one is null.
///
/// Of a repeated member name the last one counts. Asking a value of another type for something gives nothing, never an error.
class JsonView {
 public:
  JsonView() = default;

  bool is_object() const;
  bool is_array() const;
  bool is_null() const;
  std::optional<JsonView> find(std::string_view member) const;
  std::optional<std::string_view> text() const;
  /// Any number.
  std::optional<double> number() const;
  /// A number written without point and exponent, if it fits.
  std::optional<std::int64_t> integer() const;
  std::optional<bool> boolean() const;
  std::vector<JsonView> items() const;
  std::vector<std::pair<std::string_view, JsonView>> members() const;
  /// The value as JSON without blanks: members in their order, repeated ones too, nothing escaped that need not be.
  std::string compact() const;

 private:
  friend struct JsonElement;
  // The parser library's own element, kept as bytes so that its header stays out of this one.
  std::array<std::uint64_t, 2> element_{};
};

/// A parsed JSON text (UTF-8, a byte order mark is tolerated, a backslash before any character stands for that character, at most 512 levels deep). Numbers
/// may have any size: what no double holds reads as the largest one.
///
/// Errors     `skip`/`malformed_record` with a text that names the fault and never quotes the input.
/// Threads    one document, one thread at a time.
/// Reference  Gson's lenient reading as the Flink jobs use it; enrolment-reconciliation.md section 2.
class JsonDocument {
 public:
  static Result<JsonDocument> parse(std::string_view text);
  /// The same of the object or list that the text begins with; whatever follows it is ignored.
  static Result<JsonDocument> parse_first(std::string_view text);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonView root() const;

 private:
  struct Parsed;
  explicit JsonDocument(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

/// Whether the bytes are UTF-8.
bool is_utf8(std::string_view text);

/// Appends JSON to a string: names and texts are escaped, commas set. The caller keeps the nesting right.
///
/// What it writes is UTF-8 whatever it is given: bytes that are not become U+FFFD.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& open_object() { return open('{'); }
  JsonWriter& close_object() { return close('}'); }
  JsonWriter& open_array() { return open('['); }
  JsonWriter& close_array() { return close(']'); }
  JsonWriter& name(std::string_view name);
  JsonWriter& text(std::string_view text);
  JsonWriter& integer(std::int64_t number);
  /// Always with a point or an exponent, so that it reads back as a floating number. Not a number and infinities are written as null.
  JsonWriter& number(double number);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// A text that is JSON already.
  JsonWriter& raw(std::string_view json);

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string& out_;
  bool first_ = true;
};

}  // namespace lernd
