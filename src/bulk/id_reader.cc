#include "bulk/id_reader.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "bulk/csv_field.h"
#include "core/json.h"

namespace lernd::bulk {
namespace {

constexpr std::size_t kIdBytesMax = 256;
constexpr std::size_t kLineBytesMax = std::size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::array<std::string_view, 9> kHeaders{"id", "userid", "user_id", "identifier", "orgid", "organisationid", "locationid", "batchid", "courseid"};

std::unexpected<Error> unusable(std::string text) { return fail(Treatment::reject, ErrorCode::malformed_record, std::move(text)); }

bool is_header(std::string_view value) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::any_of(kHeaders, [&](std::string_view header) { return std::ranges::equal(value, header, {}, lower); });
}

/// The code point at the front of a text that is UTF-8, and its length.
std::pair<char32_t, std::size_t> code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
  if (byte(0) < 0x80) return {byte(0), 1};
  if (byte(0) < 0xe0) return {(byte(0) & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if (byte(0) < 0xf0) return {(byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {(byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f), 4};
}

bool is_space(char32_t c) {
  return c == ' ' || c == '\t' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

}  // namespace

std::string_view fault_of_id(std::string_view id, const re2::RE2* pattern) {
  if (!is_utf8(id)) return "utf8";
  bool space = false;
  for (std::string_view rest = id; !rest.empty();) {
    const auto [c, length] = code_point(rest);
    space = space || is_space(c);
    if (!is_space(c) && is_control(c)) return "control";
    rest.remove_prefix(length);
  }
  if (space) return "space";
  if (id.size() > kIdBytesMax) return "length";
  if (pattern != nullptr && !re2::RE2::FullMatch(re2::StringPiece(id.data(), id.size()), *pattern)) return "pattern";
  return {};
}

IdReader::IdReader(Rules rules, Accept accept, Reject reject)
    : rules_(std::move(rules)),
      accept_(std::move(accept)),
      reject_(std::move(reject)),
      pattern_(rules_.pattern.empty() ? nullptr : std::make_unique<re2::RE2>(rules_.pattern, re2::RE2::Quiet)) {}

IdReader::~IdReader() = default;

Result<void> IdReader::feed(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos && begun_)
    return unusable(fmt::format("holds a zero byte behind line {}: it is not UTF-8 text; save it as UTF-8", counts_.read));
  if (!begun_) {
    // A mark may come in two pieces; nothing shorter than the longest mark tells what it is.
    rest_.append(bytes);
    if (rest_.size() < 4) return {};
    std::string first;
    first.swap(rest_);
    bytes = first;
    if (auto done = begin(bytes); !done) return done;
    return feed(bytes);
  }
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto piece = bytes.substr(0, end);
    overlong_ = overlong_ || piece.size() > kLineBytesMax - rest_.size();
    const bool whole = end != std::string_view::npos && rest_.empty() && !overlong_;
    if (!whole) rest_.append(piece.substr(0, kLineBytesMax - rest_.size()));
    if (end == std::string_view::npos) return {};
    if (auto done = take_line(whole ? piece : std::string_view(rest_)); !done) return done;
    rest_.clear();
    overlong_ = false;
    bytes.remove_prefix(end + 1);
  }
  return {};
}

/// Looks at the first bytes: which encoding is it?
Result<void> IdReader::begin(std::string_view& bytes) {
  begun_ = true;
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return unusable("is UTF-16 text; save it as UTF-8");
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  if (bytes.find('\0') != std::string_view::npos) return unusable("holds a zero byte, as UTF-16 and UTF-32 text does; save it as UTF-8");
  return {};
}

Result<void> IdReader::finish() {
  if (!begun_) {
    std::string first;
    first.swap(rest_);
    std::string_view bytes = first;
    if (auto done = begin(bytes); !done) return done;
    if (auto done = feed(bytes); !done) return done;
  }
  if (rest_.empty() && !overlong_) return {};
  std::string last;
  last.swap(rest_);
  return take_line(last);
}

Result<void> IdReader::take_line(std::string_view line) {
  ++counts_.read;
  if (overlong_) return reject("length", line.substr(0, kIdBytesMax));
  if (line.ends_with('\r')) line.remove_suffix(1);
  line = without_blanks(line);
  if (rules_.objects.allowed && line.starts_with('{')) return take_object(line);
  const CsvField found = csv_field(line, rules_.column, field_);
  other_columns_ = other_columns_ || found.others;
  if (found.broken) return reject("quote", line);
  const auto value = without_blanks(found.value);
  if (value.empty()) {
    ++counts_.blank;
    return {};
  }
  if (counts_.read == 1 && is_header(value)) {
    ++counts_.header;
    return {};
  }
  return take_id(value);
}

Result<void> IdReader::take_id(std::string_view id) {
  if (rules_.objects.required) {
    return unusable(fmt::format("line {} is a plain id, but {}", counts_.read, rules_.objects.why_required));
  }
  if (const auto fault = fault_of_id(id, pattern_.get()); !fault.empty()) return reject(fault, id);
  return accept(id);
}

Result<void> IdReader::take_object(std::string_view line) {
  if (!is_utf8(line)) return reject("utf8", line);
  const auto document = JsonDocument::parse(line);
  if (!document || !document->root().is_object()) return reject("json", line);
  const auto id = document->root().find(rules_.objects.member);
  if (!id || !id->text() || id->text()->empty()) return reject("json", line);
  if (const auto fault = fault_of_id(*id->text(), pattern_.get()); !fault.empty()) return reject(fault, line);
  for (const std::string& member : rules_.objects.optional) {
    const auto other = document->root().find(member);
    if (!other) continue;
    if (!other->text() || other->text()->empty()) return reject("json", line);
    if (const auto fault = fault_of_id(*other->text(), nullptr); !fault.empty()) return reject(fault, line);
  }
  return accept(document->root().compact());
}

Result<void> IdReader::reject(std::string_view reason, std::string_view value) {
  ++counts_.invalid;
  return reject_(counts_.read, reason, value);
}

Result<void> IdReader::accept(std::string_view line) {
  if (rules_.dedupe && !seen_.insert(line)) {
    ++counts_.duplicate;
    return {};
  }
  return accept_(line);
}

}  // namespace lernd::bulk
