#include "app/cache_tool/sample.h"

#include <fmt/format.h>

#include <limits>
#include <random>
#include <utility>

#include "bulk/id_set.h"
#include "bulk/retrying.h"

namespace lernd::cache_tool {
namespace {

/// A table with no more rows than this times the sample is read as a whole: drawing would meet the same rows again and again.
constexpr std::size_t kReadWhole = 4;
/// Enough for any table that is larger.
constexpr std::size_t kDrawsPerUser = 20;

class Sampler {
 public:
  Sampler(TableScan& scan, bulk::IdScan ids, std::size_t count, std::uint64_t seed, const World& world)
      : scan_(scan), ids_(std::move(ids)), count_(count), random_(seed), world_(world) {}

  Result<std::vector<std::string>> run(bool has_tokens) {
    ScanQuery query = ids_.query;
    if (has_tokens) query.rows_max = kReadWhole * count_ + 1;
    const auto passed = take_by_chance(query);
    if (!passed) return std::unexpected(passed.error());
    if (has_tokens && *passed > kReadWhole * count_) {
      if (auto done = draw(); !done) return std::unexpected(done.error());
    }
    return std::move(users_);
  }

 private:
  Result<ScanPage> page(const ScanQuery& query, const std::string& position) {
    return bulk::with_retries(table_pace(world_), table_parts(world_), [&] { return scan_.page(query, position); });
  }

  /// Hands the ids of all pages on, until there are no more or `take` says that it is enough.
  template <class Take>
  Result<void> each(const ScanQuery& query, Take take) {
    std::string position;
    do {
      if (world_.stop.stop_requested()) return fail(Treatment::retry, ErrorCode::internal, "stopped");
      const auto found = page(query, position);
      if (!found) return std::unexpected(found.error());
      for (const Value& value : found->values) {
        if (auto id = bulk::id_of(value, ids_.uuid); !id.empty() && id.find('\n') == std::string::npos) take(std::move(id));
      }
      position = found->next;
    } while (!position.empty());
    return {};
  }

  Result<void> draw() {
    users_.clear();
    seen_ = bulk::IdSet();
    for (std::size_t i = 0; i < count_ * kDrawsPerUser && users_.size() < count_; ++i) {
      const auto token = static_cast<std::int64_t>(random_());
      const auto before = users_.size();
      if (auto done = first_in({token, std::numeric_limits<std::int64_t>::max()}); !done) return done;
      // Behind the last row comes the first one.
      if (users_.size() > before || met_) continue;
      if (auto done = first_in({std::numeric_limits<std::int64_t>::min(), token}); !done) return done;
    }
    return {};
  }

  Result<void> first_in(const TokenRange& range) {
    ScanQuery query = ids_.query;
    query.range = range;
    query.rows_max = 1;
    met_ = false;
    return each(query, [this](std::string id) {
      met_ = true;
      if (seen_.insert(id)) users_.push_back(std::move(id));
    });
  }

  /// Keeps each user with the same chance while all pass by once. How many passed.
  Result<std::size_t> take_by_chance(const ScanQuery& query) {
    std::size_t passed = 0;
    auto done = each(query, [&](std::string id) {
      if (!seen_.insert(id)) return;
      ++passed;
      if (users_.size() < count_) {
        users_.push_back(std::move(id));
      } else if (const std::size_t place = random_() % passed; place < count_) {
        users_[place] = std::move(id);
      }
    });
    if (!done) return std::unexpected(done.error());
    return passed;
  }

  TableScan& scan_;
  const bulk::IdScan ids_;
  const std::size_t count_;
  std::mt19937_64 random_;
  const World& world_;
  bulk::IdSet seen_;
  std::vector<std::string> users_;
  bool met_ = false;  ///< the range that was looked at last has a row
};

}  // namespace

Result<std::vector<std::string>> sampled_users(const UserSource& source, std::size_t count, std::uint64_t seed, const World& world) {
  const auto again = [&](auto call) { return bulk::with_retries(table_pace(world), table_parts(world), call); };
  const auto scan = again([&] { return world.services.open_scan(); });
  if (!scan) return std::unexpected(scan.error());
  auto ids = again([&] { return bulk::id_scan(**scan, source.id_column()); });
  if (!ids) return std::unexpected(ids.error());
  const auto partitioner = again([&] { return (*scan)->partitioner(); });
  if (!partitioner) return std::unexpected(partitioner.error());
  auto users = Sampler(**scan, std::move(*ids), count, seed, world).run(bulk::has_murmur3_tokens(*partitioner));
  if (users && users->empty()) {
    return fail(Treatment::reject, ErrorCode::not_found, fmt::format("table {} has no row with a {} that is an id", source.table.text(), source.column));
  }
  return users;
}

}  // namespace lernd::cache_tool
