#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ask.h"
#include "core/options.h"
#include "core/plan.h"
#include "ports/search_index.h"

namespace lernd::bench {

/// How much of a load. Its *items* are what its events are about: learners, pairs of accounts, courses, owners of course batches.
struct Size {
  std::size_t learners = 20000;  ///< items of the backlog
  std::size_t events = 20000;    ///< item by item and then from the first one again
  std::size_t contents = 20;     ///< spread over the units
  std::size_t units = 4;
  std::size_t batches = 100;                   ///< of an owner
  int partitions = 1;                          ///< of the input topic; the events of an item share one
  std::size_t idle_events = 300;               ///< sent one by one afterwards
  std::chrono::milliseconds service_delay{0};  ///< of the HTTP service, where the job calls one

  std::size_t item(std::size_t event) const { return event % learners; }
  std::size_t round(std::size_t event) const { return event / learners; }
  /// How many events the backlog has about an item.
  std::size_t rounds(std::size_t item) const { return events / learners + (item < events % learners ? 1 : 0); }
};

/// Items that do not meet each other: of the backlog, of the events sent one by one, and of the driver limit.
enum class Part { backlog, idle, limit };
inline constexpr std::size_t kParts = 3;

/// What is put into the stores. Keys of one item may be several caches'.
struct Stock {
  std::vector<RowWrite> rows;
  std::vector<CacheWrite> keys;
  std::vector<NewDocument> documents;
  std::size_t size() const { return rows.size() + keys.size() + documents.size(); }
};

/// What has to be found there. Every answer must be exactly this one, so a row or key too many shows as well; a document may have its members in another order.
struct Findings {
  std::vector<std::pair<RowsQuery, Rows>> rows;
  std::vector<std::pair<CacheQuery, CacheValue>> keys;
  std::vector<std::pair<DocumentId, std::string>> documents;
  std::size_t size() const { return rows.size() + keys.size() + documents.size(); }
};

/// Records that must be on an output topic, which the option names.
struct Outputs {
  std::string_view topic_option;
  std::size_t records = 0;
};

/// What the job under test is given to do, item by item, and what must come of it. It is all a matter of the item's number, so nothing is remembered.
///
/// Every output holds `user_id(part, item)` of the item it is about.
class Load {
 public:
  virtual ~Load() = default;

  /// What all items share.
  virtual Stock shared() const { return {}; }
  /// What there is of one item before the first event about it.
  virtual Stock before(Part part, std::size_t item) const = 0;
  /// The value of the record about the item with that number, counted from 0.
  virtual std::string event(Part part, std::size_t item, std::size_t round) const = 0;
  /// What so many events (at least one) about it, in order, leave behind.
  virtual Findings after(Part part, std::size_t item, std::size_t rounds) const = 0;
  /// What they have put on the output topics: every topic with its number, 0 too.
  virtual std::vector<Outputs> outputs(Part part, std::size_t item, std::size_t rounds) const = 0;
};

/// A kind of load: what is known of it before there are services.
struct LoadKind {
  std::string_view name;  ///< as `--load` takes it
  std::string_view job;
  std::size_t learners;    ///< unless `--learners` says otherwise
  std::size_t rounds = 1;  ///< events an item, unless `--events` says otherwise
  bool units = true;       ///< `--units` means something
  bool batches = false;    ///< `--batches` does: an item has so many, and `learners` is how many batches there are unless options say otherwise
  std::size_t contents_min = 1;
  /// Most events that one item can have before they mean nothing to the job any more.
  std::size_t (*rounds_max)(const Size& size) = [](const Size&) { return std::numeric_limits<std::size_t>::max(); };
  /// Items of the driver limit; with more events it goes round them. Where an item is new to the stores only once, there are as many as events.
  std::size_t limit_items_max = std::numeric_limits<std::size_t>::max();
  /// What the HTTP service that the job calls answers, always with status 200; null for a job that calls none.
  std::string (*answer)(const Size& size, std::string_view path, std::string_view body) = nullptr;
  /// The options that say where that service is, with what stands behind its host and port.
  std::vector<std::pair<std::string, std::string>> service_options = {};
  /// `run` is a number that no other run has, and part of ids. `values` are the job's options and outlive the load.
  std::unique_ptr<Load> (*make)(const Size& size, const OptionValues& values, std::uint32_t run) = nullptr;
};

std::span<const LoadKind> load_kinds();

/// A user id as long as a platform's: `{prefix}{item:012}`. The `other` one of an item shows in no output.
std::string_view user_prefix(Part part);
std::string user_id(Part part, std::size_t item);
std::string other_user_id(Part part, std::size_t item);

}  // namespace lernd::bench
