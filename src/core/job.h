#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "core/facts.h"
#include "core/plan.h"
#include "core/record.h"

namespace lernd {

/// Where a record lies. Of an event that several records were folded into, the first of them.
struct Origin {
  TopicPartition source;
  Offset offset;
  bool operator==(const Origin&) const = default;
};

/// Time, randomness and origin of one event, handed in so that nothing in a job calls a clock or a generator.
struct Stamp {
  Timestamp now;
  std::array<std::uint64_t, 2> seed{};
  Origin origin{};

  /// The n-th id of this event: a canonical version 4 UUID, the same for the same seed and n.
  std::string uuid(unsigned n) const;
};

/// The end of an event that cannot be done. Its treatment is `reject`, or `retry` when the facts it rests on may change (the runtime then forgets them and
/// asks again). `counts` are the steps that were taken nevertheless.
///
/// `own_fault` says of a `retry` that what it failed for is the record's own, as a service answers well and only not for this one: when its retries are used up
/// the record is parked, whatever is to be done about services that fail.
struct Reject {
  Error error;
  Counts counts;
  bool own_fault = false;
  bool operator==(const Reject&) const = default;
};

/// What the rules answer: the reads they still need, the plan, or a reject.
using Step = std::variant<Ask, Plan, Reject>;

/// A decoded event. Each job has its own; the runtime only hands it around.
class Event {
 public:
  virtual ~Event() = default;
};

/// Why a record gives no event. The treatment of the error is `skip`, or `reject` when the record ends in an error; it is kept as a dead letter when its bytes
/// are bad.
struct Skip {
  Error error;
  bool dead_letter = false;
};

/// One job: pure functions over values. Implementations hold their options and nothing else; every method is const, does no I/O and may be called from any
/// thread.
///
/// Source: design.md section 1.
class Job {
 public:
  virtual ~Job() = default;

  /// The event in a record. `Skip` when it is not for this job or cannot be read.
  virtual std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const = 0;

  /// The keys in whose order events must be handled; events that share one never overlap. At least one.
  virtual std::vector<std::string> order_keys(const Event& event) const = 0;

  /// Takes `next` into `event` when both together have the result of one after the other. False when they have not; `event` is then unchanged.
  virtual bool fold(Event& event, const Event& next) const = 0;

  /// The rules. Called again from the top with more facts as long as it asks.
  virtual Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const = 0;

  /// What an event that ends in an error leaves behind: the job's failed event and its counters. `facts` may be incomplete.
  virtual Plan parked(const Event& event, const Facts& facts, const Error& error, const Stamp& stamp) const = 0;

  /// What a record that gives no event leaves behind: its counters and, where the job has one for it, a failed event. Writes nothing. Most jobs only count.
  virtual Plan skipped(const Skip& skip, const Origin& origin) const;

  /// What every record counts, and what a skipped one counts besides.
  virtual std::string_view received_counter() const = 0;
  virtual std::string_view skipped_counter() const = 0;
};

}  // namespace lernd
