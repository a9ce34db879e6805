#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/plan.h"

namespace lernd {

/// Makes plans of every kind of write and value, from a seed.
///
/// They are in the form in which plans are stored: the replacing assignments of a row before the merging ones, no empty groups, no counters.
class RandomPlans {
 public:
  explicit RandomPlans(std::uint64_t seed) : random_(seed) {}

  Plan plan() {
    Plan plan;
    for (auto n = below(4); n > 0; --n) {
      WriteStage stage;
      for (auto groups = below(3); groups > 0; --groups) stage.push_back(group());
      plan.stages.push_back(std::move(stage));
    }
    for (auto n = below(3); n > 0; --n) plan.outputs.push_back({name(), maybe_text(), maybe_text(), headers()});
    for (auto n = below(3); n > 0; --n) plan.remarks.push_back({.what = name(), .about = name(), .audit = true, .warning = below(2) == 0});
    return plan;
  }

  Value value(int depth = 0) {
    switch (below(depth < 3 ? 9 : 7)) {
      case 0:
        return {};
      case 1:
        return below(2) == 0;
      case 2:
        return integer();
      case 3:
        return number();
      case 4:
        return text();
      case 5:
        return Timestamp{integer()};
      case 6:
        return ValueBytes{bytes()};
      case 7: {
        ValueList list;
        for (auto n = below(4); n > 0; --n) list.items.push_back(value(depth + 1));
        return list;
      }
      default: {
        ValueMap map;
        for (auto n = below(4); n > 0; --n) map.entries.emplace_back(value(depth + 1), value(depth + 1));
        return map;
      }
    }
  }

  /// UTF-8 of every length, escapes and control characters; now and then bytes that are no UTF-8.
  std::string text() {
    static const std::vector<std::string> kPieces = {"do_21", "a", " ", "\"", "\\", "\n", "\x01", "é", "अ", "😀", "text_hex", "", std::string(1, '\0'),
                                                     "'",     "/"};
    if (below(8) == 0) return bytes();
    std::string text;
    for (auto n = below(5); n > 0; --n) text += kPieces[below(kPieces.size())];
    return text;
  }

  std::uint64_t below(std::uint64_t n) { return random_() % n; }

 private:
  std::string bytes() {
    std::string bytes;
    for (auto n = below(6); n > 0; --n) bytes += static_cast<char>(random_());
    return bytes;
  }

  std::string name() { return "column_" + std::to_string(below(1000)); }
  std::optional<std::string> maybe_text() { return below(3) == 0 ? std::nullopt : std::optional(text()); }

  std::int64_t integer() {
    static constexpr std::int64_t kEdges[] = {0, -1, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    return below(4) == 0 ? kEdges[below(4)] : static_cast<std::int64_t>(random_());
  }

  double number() {
    if (below(3) == 0) return static_cast<double>(below(1000));
    const double any = std::bit_cast<double>(random_());
    return std::isfinite(any) ? any : -0.0;
  }

  std::vector<Header> headers() {
    std::vector<Header> headers;
    for (auto n = below(3); n > 0; --n) headers.push_back({text(), text()});
    return headers;
  }

  RowWrite row() {
    RowWrite write{.kind = static_cast<RowWrite::Kind>(below(3)), .table = {name(), name()}, .key = {}, .set = {}};
    for (auto n = below(4); n > 0; --n) write.key.push_back({name(), value()});
    for (auto n = below(4); n > 0; --n) write.set.push_back({name(), value(), below(2) == 0 ? Assignment::Mode::replace : Assignment::Mode::merge});
    std::ranges::stable_sort(write.set, {}, &Assignment::mode);
    return write;
  }

  CacheWrite entry() {
    CacheWrite write{.kind = static_cast<CacheWrite::Kind>(below(5)), .cache = {name(), static_cast<int>(below(16))}, .key = text(), .value = {}};
    write.expiry = std::chrono::seconds(below(3) * 3600);
    write.value.text = maybe_text();
    for (auto n = below(3); n > 0; --n) write.value.members.push_back(text());
    for (auto n = below(3); n > 0; --n) write.value.fields.emplace_back(text(), text());
    for (auto n = below(3); n > 0; --n) write.drop.push_back(text());
    return write;
  }

  DocumentWrite change() {
    DocumentWrite write{.document = {name(), text()}, .from = text(), .to = text()};
    for (auto n = below(3); n > 0; --n) write.distinct.push_back(text());
    return write;
  }

  WriteGroup group() {
    const auto kind = below(3);
    if (kind == 0) {
      DocumentGroup changes;
      for (auto n = 1 + below(3); n > 0; --n) changes.push_back(change());
      return changes;
    }
    if (kind == 1) {
      RowGroup rows;
      for (auto n = 1 + below(3); n > 0; --n) rows.push_back(row());
      return rows;
    }
    CacheGroup entries;
    for (auto n = 1 + below(3); n > 0; --n) entries.push_back(entry());
    return entries;
  }

  std::mt19937_64 random_;
};

}  // namespace lernd
