#include "core/value.h"

#include "core/hash.h"

namespace lernd {

bool ValueList::operator==(const ValueList&) const = default;
bool ValueMap::operator==(const ValueMap&) const = default;

bool Value::is_null() const {
  if (std::holds_alternative<std::monostate>(form)) return true;
  if (const ValueList* items = list()) return items->items.empty();
  if (const ValueMap* entries = map()) return entries->entries.empty();
  return false;
}

namespace {

struct Hasher {
  std::size_t operator()(std::monostate) const { return 0; }
  std::size_t operator()(bool value) const { return value ? 1 : 2; }
  std::size_t operator()(std::int64_t value) const { return std::hash<std::int64_t>{}(value); }
  std::size_t operator()(double value) const { return std::hash<double>{}(value); }
  std::size_t operator()(const std::string& value) const { return std::hash<std::string>{}(value); }
  std::size_t operator()(Timestamp value) const { return std::hash<std::int64_t>{}(value.ms); }
  std::size_t operator()(const ValueBytes& value) const { return std::hash<std::string>{}(value.bytes); }
  std::size_t operator()(const ValueList& value) const {
    std::size_t seed = value.items.size();
    for (const Value& item : value.items) seed = mix(seed, hash_of(item));
    return seed;
  }
  std::size_t operator()(const ValueMap& value) const {
    std::size_t seed = value.entries.size();
    for (const auto& [key, entry] : value.entries) seed = mix(mix(seed, hash_of(key)), hash_of(entry));
    return seed;
  }
};

}  // namespace

std::size_t hash_of(const Value& value) { return mix(value.form.index(), std::visit(Hasher{}, value.form)); }

}  // namespace lernd
