#include "jobs/merge_user_courses/merge_value.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace lernd::merge_user_courses {
namespace {

/// The one that is set, when at most one is; null when both are.
const Value* only_one(const Value& source, const Value& target) {
  if (target.is_null()) return &source;
  return source.is_null() ? &target : nullptr;
}

template <class Form>
bool exceeds(const Value& a, const Value& b) {
  const Form* x = std::get_if<Form>(&a.form);
  const Form* y = std::get_if<Form>(&b.form);
  return x != nullptr && y != nullptr && *x > *y;
}

}  // namespace

const Value& larger(const Value& source, const Value& target) {
  if (const Value* one = only_one(source, target)) return *one;
  const bool exceeded = exceeds<std::int64_t>(source, target) || exceeds<double>(source, target) || exceeds<Timestamp>(source, target);
  return exceeded ? source : target;
}

Value sum(const Value& source, const Value& target) {
  if (const Value* one = only_one(source, target)) return *one;
  using Int = std::numeric_limits<std::int32_t>;
  if (source.integer() == nullptr || target.integer() == nullptr) return target;
  const auto part = [](const Value& value) { return std::clamp<std::int64_t>(*value.integer(), Int::min(), Int::max()); };
  return std::clamp<std::int64_t>(part(source) + part(target), Int::min(), Int::max());
}

const Value& later_text(const Value& source, const Value& target, const DateFormat& format, std::size_t& unreadable) {
  if (const Value* one = only_one(source, target)) return *one;
  if (source.text() == nullptr || target.text() == nullptr) return target;
  const auto ours = format.read(*source.text());
  if (!ours) {
    ++unreadable;
    return target;
  }
  const auto theirs = format.read(*target.text());
  if (!theirs) ++unreadable;
  return !theirs || *ours > *theirs ? source : target;
}

const Value& kept(const Value& source, const Value& target) { return target.is_null() ? source : target; }

}  // namespace lernd::merge_user_courses
