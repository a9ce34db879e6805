#include "core/job.h"

#include <fmt/format.h>

namespace lernd {
namespace {

/// SplitMix64: spreads a counter over 64 bits, so that ids of one seed look independent.
std::uint64_t spread(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

std::string Stamp::uuid(unsigned n) const {
  const std::uint64_t high = (spread(seed[0] + n) & ~0xf000ULL) | 0x4000ULL;
  const std::uint64_t low = (spread(seed[1] ^ spread(n)) & ~(3ULL << 62)) | (2ULL << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xffff, low >> 48, low & 0xffffffffffffULL);
}

Plan Job::skipped(const Skip&, const Origin&) const {
  Plan plan;
  plan.counts.add(skipped_counter());
  return plan;
}

}  // namespace lernd
