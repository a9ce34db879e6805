#include "runtime/processor.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "runtime/applier.h"
#include "runtime/crash_point.h"
#include "runtime/step_timer.h"

namespace lernd {
namespace {

/// A batch in which more than half of the items, and at least this many, fail for a service's sake is held back instead of parked.
constexpr std::size_t kFloodItems = 10;

/// Without the plan.
JournalItem journal_item(const PartitionBatch& batch, const WorkItem& item) {
  JournalItem entry{.error = item.error};
  for (const std::size_t record : item.records) {
    entry.offsets.push_back(batch.records[record].offset);
    entry.fingerprint = combine(entry.fingerprint, fingerprint(batch.records[record]));
  }
  return entry;
}

/// The positions of the item's records in the batch; nothing when they are not the records the entry was made from.
std::optional<std::vector<std::size_t>> records_of(const JournalItem& item, const PartitionBatch& batch) {
  std::vector<std::size_t> positions;
  std::uint64_t found = 0;
  for (const Offset offset : item.offsets) {
    const auto record = std::ranges::lower_bound(batch.records, offset, {}, &Record::offset);
    if (record == batch.records.end() || record->offset != offset) return std::nullopt;
    positions.push_back(static_cast<std::size_t>(record - batch.records.begin()));
    found = combine(found, fingerprint(*record));
  }
  if (found != item.fingerprint) return std::nullopt;
  return positions;
}

std::vector<DocumentGroup*> changes_of(Plan& plan) {
  std::vector<DocumentGroup*> changes;
  for (WriteStage& stage : plan.stages) {
    for (WriteGroup& group : stage) {
      if (DocumentGroup* one = std::get_if<DocumentGroup>(&group)) changes.push_back(one);
    }
  }
  return changes;
}

std::vector<const DocumentId*> documents_of(Plan& plan) {
  std::vector<const DocumentId*> documents;
  for (const DocumentGroup* changes : changes_of(plan)) {
    for (const DocumentWrite& write : *changes) documents.push_back(&write.document);
  }
  return documents;
}

/// A plan that changes documents, and has perhaps changed rows already. Given up half-way it would leave table and index different.
bool is_half_done(WorkItem& item) { return item.repeated && !changes_of(item.plan).empty(); }

/// Takes out of the plans what a later wave shows to be done: who changes a document after another waited for him. Done once more it would not be harmless, as
/// the later change may have brought back what the earlier one takes away.
void leave_out_superseded(std::vector<JournalEntry>& entries) {
  std::set<DocumentId> later;
  for (JournalEntry& entry : std::views::reverse(entries)) {
    std::vector<DocumentId> here;
    for (JournalItem& item : entry.items) {
      for (const DocumentId* document : documents_of(item.plan)) here.push_back(*document);
      for (DocumentGroup* changes : changes_of(item.plan)) {
        std::erase_if(*changes, [&](const DocumentWrite& write) { return later.contains(write.document); });
      }
    }
    later.insert(here.begin(), here.end());
  }
}

/// The last record the entries were made from.
Offset reach_of(const std::vector<JournalEntry>& entries) {
  Offset reach{-1};
  for (const JournalEntry& entry : entries) {
    for (const JournalItem& item : entry.items) reach = std::max(reach, item.offsets.back());
  }
  return reach;
}

}  // namespace

Processor::Processor(const Job& job, const WorkerPorts& ports, const WorkerOptions& options)
    : job_(job),
      ports_(ports),
      options_(options),
      asker_({ports.tables, ports.cache, ports.http, ports.search, ports.clock}, options.reread_pause),
      journal_(ports.tables, options.journal, options.group, ports.clock) {}

Stamp Processor::stamp(const WaveItem& one) {
  const PartitionBatch& batch = *one.batch;
  return {ports_.clock.now(), ports_.clock.random(), {batch.source, batch.records[one.item->records.front()].offset}};
}

Result<std::vector<JournalEntry>> Processor::entries_of(PartitionBatch& batch) {
  if (!batch.read_journal || !options_.journalled) return {};
  auto entries = journal_.read(batch.source, batch.first());
  if (entries) batch.read_journal = false;
  return entries;
}

bool Processor::take_entries(PartitionBatch& batch, std::vector<JournalEntry> entries) {
  leave_out_superseded(entries);
  for (JournalEntry& entry : entries) {
    for (JournalItem& kept : entry.items) {
      auto records = records_of(kept, batch);
      if (!records) return false;
      WorkItem item{.records = *std::move(records),
                    .state = WorkItem::State::planned,
                    .plan = std::move(kept.plan),
                    .time = entry.time,
                    .journalled = true,
                    .restored_wave = entry.wave,
                    .repeated = true};
      item.error = std::move(kept.error);
      if (auto event = job_.decode(batch.records[item.records.front()])) {
        item.keys = job_.order_keys(**event);
        item.event = *std::move(event);
      }
      batch.items.push_back(std::move(item));
    }
  }
  batch.waves = static_cast<int>(entries.size());
  return true;
}

Result<std::optional<Offset>> Processor::restore(PartitionBatch& batch, bool at_end) {
  batch.items.clear();
  batch.skipped.clear();
  batch.waves = 0;
  auto entries = entries_of(batch);
  if (!entries) return std::unexpected(std::move(entries).error());
  if (const Offset reach = reach_of(*entries); batch.last() < reach && !at_end) {
    batch.read_journal = true;
    return reach;
  }
  if (!take_entries(batch, *std::move(entries))) {
    ports_.log.write(LogLevel::warning, "a journal entry belongs to other records than the topic holds; it is dropped and the records are computed anew",
                     {{"job", options_.job}, {"topic", batch.source.topic}, {"offset", fmt::format("{}", batch.first().value)}});
    batch.items.clear();
    journal_.finished(batch.source, batch.first());
    if (auto swept = journal_.sweep(); !swept) return std::unexpected(std::move(swept).error());
  }
  decode_records(batch, job_, options_.record_bytes_max);
  batch.restored = true;
  return std::nullopt;
}

Result<void> Processor::step(std::span<PartitionBatch* const> batches) {
  faults_.clear();
  const auto wave = next_wave(batches);
  if (auto decided = decide_open(wave); !decided) return decided;
  // What was committed since the last step leaves the journal with this step's writes; a fault here is one of the next attempt.
  if (auto swept = journal_.sweep(); !swept && swept.error().treatment == Treatment::fatal) return swept;
  if (auto written = journal_planned(batches, wave); !written) return written;
  return apply_planned(wave);
}

Result<void> Processor::decide_open(std::span<const WaveItem> wave) {
  const StepTimer timer(ports_, options_.job, "ask");
  std::vector<Decision> decisions;
  std::vector<WaveItem> open;
  for (const WaveItem& one : wave) {
    if (one.item->state != WorkItem::State::open) continue;
    one.item->stamp = stamp(one);
    decisions.push_back({one.item->event.get(), one.item->stamp, {}});
    open.push_back(one);
  }
  Facts facts;
  decide(job_, decisions, asker_, facts);
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < open.size(); ++i) {
    WorkItem& item = *open[i].item;
    if (Plan* plan = std::get_if<Plan>(&decisions[i].outcome)) {
      item.plan = std::move(*plan);
      item.state = WorkItem::State::planned;
      continue;
    }
    const Reject& reject = std::get<Reject>(decisions[i].outcome);
    if (reject.error.treatment == Treatment::fatal) return std::unexpected(reject.error);
    if (reject.error.treatment == Treatment::retry) {
      failures.push_back({open[i], reject.error, reject.counts, reject.own_fault});
    } else {
      park(item, reject.error, facts, reject.counts);
    }
  }
  meet_again_or_give_up(failures, facts);
  put_off_overlaps(wave);
  return {};
}

void Processor::put_off_overlaps(std::span<const WaveItem> wave) {
  std::set<DocumentId> taken;
  for (const WaveItem& one : wave) {
    WorkItem& item = *one.item;
    if (item.state != WorkItem::State::planned) continue;
    const auto documents = documents_of(item.plan);
    const bool free = std::ranges::none_of(documents, [&](const DocumentId* document) { return taken.contains(*document); });
    if (!free && !item.journalled && !item.repeated) {
      item.state = WorkItem::State::open;
      item.plan = {};
      continue;
    }
    for (const DocumentId* document : documents) taken.insert(*document);
  }
}

void Processor::park(WorkItem& item, const Error& error, const Facts& facts, const Counts& counts) {
  if (item.event) {
    item.plan = job_.parked(*item.event, facts, error, item.stamp);
  } else {
    item.plan = {};
  }
  item.plan.counts.add(counts);
  item.error = error;
  item.state = WorkItem::State::planned;
  item.journalled = false;
  item.repeated = false;
}

void Processor::note(const std::string& fault, int attempts) {
  const auto known = std::ranges::find(faults_, fault, &Fault::text);
  if (known == faults_.end()) {
    faults_.push_back({fault, attempts});
  } else {
    known->attempts = std::max(known->attempts, attempts);
  }
}

bool Processor::mostly_exhausted(const PartitionBatch& batch) const {
  const auto exhausted = static_cast<std::size_t>(
      std::ranges::count_if(batch.items, [&](const WorkItem& item) { return !item.error && item.retry.attempts() >= options_.retry.attempts_max; }));
  return exhausted >= kFloodItems && exhausted * 2 > batch.items.size();
}

void Processor::meet_again_or_give_up(std::span<const Failure> failures, const Facts& facts) {
  const auto now = ports_.clock.steady();
  std::vector<const Failure*> exhausted;
  for (const Failure& failure : failures) {
    auto& [batch, item] = failure.at;
    ports_.metrics.retried(options_.job, failure.error.code);
    if (failure.error.code == ErrorCode::service_away) {
      // The service's fault: neither this attempt counts nor those that found out.
      item->retry = {};
      batch->due = std::max(batch->due, now + options_.breaker_pause);
    } else if (item->retry.failed(options_.retry, now)) {
      batch->due = std::max(batch->due, now + item->retry.delay(options_.retry, ports_.clock.random()[0]));
    } else if (failure.own_fault) {
      park(*item, failure.error, facts, failure.counts);
    } else {
      exhausted.push_back(&failure);
    }
    note(failure.error.text, item->retry.attempts());
  }
  for (const Failure* failure : exhausted) {
    auto& [batch, item] = failure->at;
    if (options_.on_exhausted == OnExhausted::stop) {
      batch->stopped = true;
    } else if (mostly_exhausted(*batch) || is_half_done(*item)) {
      batch->due = std::max(batch->due, now + options_.retry.delay_max);
    } else {
      park(*item, failure->error, facts, failure->counts);
    }
  }
}

Result<void> Processor::journal_planned(std::span<PartitionBatch* const> batches, std::span<const WaveItem> wave) {
  const WriteTime time = ports_.clock.write_time();
  struct Fresh {
    PartitionBatch* batch;
    std::vector<WorkItem*> items;
    std::size_t writing = 0;  ///< so many of the items, the first ones, have writes
  };
  std::vector<Fresh> all;
  for (PartitionBatch* batch : batches) {
    Fresh fresh{batch, {}};
    for (const WaveItem& one : wave) {
      if (one.batch == batch && one.item->state == WorkItem::State::planned && !one.item->journalled && one.item->plan.writes())
        fresh.items.push_back(one.item);
    }
    for (WorkItem* item : fresh.items) item->time = time;
    if (fresh.items.empty()) continue;
    // Plans without writes need no journal of their own, but computed again behind these writes they might come out otherwise.
    fresh.writing = fresh.items.size();
    for (WorkItem& item : batch->items) {
      if (item.state != WorkItem::State::open && !item.journalled && !item.plan.writes()) fresh.items.push_back(&item);
    }
    all.push_back(std::move(fresh));
  }
  if (!options_.journalled || all.empty()) return {};

  const StepTimer timer(ports_, options_.job, "journal");
  std::vector<Journal::Draft> drafts;
  for (const auto& [batch, items, writing] : all) {
    JournalEntry& entry = drafts.emplace_back(Journal::Draft{batch->source, {.first = batch->first(), .wave = batch->waves, .time = time}}).entry;
    // The entry borrows the plans: they are most of what a batch holds.
    for (WorkItem* item : items) entry.items.emplace_back(journal_item(*batch, *item)).plan = std::move(item->plan);
  }
  const auto outcomes = journal_.write(drafts);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < all[i].items.size(); ++k) all[i].items[k]->plan = std::move(drafts[i].entry.items[k].plan);
    if (auto settled = settle(*all[i].batch, all[i].items, all[i].writing, outcomes[i]); !settled) return settled;
  }
  crash_point("after-journal");
  return {};
}

Result<void> Processor::settle(PartitionBatch& batch, std::span<WorkItem* const> items, std::size_t writing, const Result<Journal::Outcome>& written) {
  if (!written && written.error().treatment == Treatment::fatal) return std::unexpected(written.error());
  if (written == Journal::Outcome::written) {
    ++batch.waves;
    for (WorkItem* item : items) item->journalled = true;
    return {};
  }
  std::vector<Failure> failures;
  // The plans were not journalled, so none of them may be applied: another owner's entry holds, or the facts are read anew at the next attempt.
  for (WorkItem* item : items.first(writing)) {
    item->state = WorkItem::State::open;
    item->plan = {};
    if (!written) failures.push_back({{&batch, item}, written.error(), {}});
  }
  meet_again_or_give_up(failures, {});
  if (written) {
    batch.read_journal = true;
    batch.restored = false;
  }
  return {};
}

Result<void> Processor::apply_planned(std::span<const WaveItem> wave) {
  const StepTimer timer(ports_, options_.job, "apply");
  std::vector<WaveItem> planned;
  std::vector<WorkItem*> items;
  for (const WaveItem& one : wave) {
    if (one.item->state != WorkItem::State::planned) continue;
    planned.push_back(one);
    items.push_back(one.item);
  }
  const auto outcomes = apply(items, ports_.tables, ports_.cache, ports_.search);
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const WaveItem& one = planned[i];
    one.item->repeated = true;
    if (!outcomes[i]) {
      one.item->state = WorkItem::State::done;
      // One event may change ten thousand rows, and there may be many of it in a batch.
      one.item->plan.stages = {};
    } else if (outcomes[i]->treatment == Treatment::fatal) {
      return std::unexpected(*outcomes[i]);
    } else if (outcomes[i]->treatment == Treatment::retry) {
      failures.push_back({one, *outcomes[i], {}});
    } else {
      park(*one.item, *outcomes[i], {}, {});
    }
  }
  meet_again_or_give_up(failures, {});
  crash_point("after-writes");
  return {};
}

}  // namespace lernd
