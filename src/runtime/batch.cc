#include "runtime/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace lernd {
namespace {

std::expected<std::unique_ptr<Event>, Skip> decode_one(const Record& record, const Job& job, std::size_t record_bytes_max) {
  if (record.bytes() <= record_bytes_max) return job.decode(record);
  return std::unexpected(Skip{.error = {Treatment::skip, ErrorCode::oversized_record,
                                        fmt::format("the record has {} bytes, more than lernd.record_bytes_max = {}", record.bytes(), record_bytes_max)},
                              .dead_letter = true});
}

}  // namespace

bool PartitionBatch::done() const {
  return restored && std::ranges::all_of(items, [](const WorkItem& item) { return item.state == WorkItem::State::done; });
}

void decode_records(PartitionBatch& batch, const Job& job, std::size_t record_bytes_max) {
  std::vector<bool> held(batch.records.size(), false);
  for (const WorkItem& item : batch.items) {
    for (const std::size_t record : item.records) held[record] = true;
  }
  // Per order key the last item that has it: the only one a record may be folded into, or order would be lost.
  std::unordered_map<std::string, std::size_t> last_with_key;
  std::vector<WorkItem> fresh;
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    if (held[i]) continue;
    auto event = decode_one(batch.records[i], job, record_bytes_max);
    if (!event) {
      Plan leaves = job.skipped(event.error(), {batch.source, batch.records[i].offset});
      batch.skipped.push_back({i, std::move(event).error(), std::move(leaves)});
      continue;
    }
    auto keys = job.order_keys(**event);
    const auto found = last_with_key.find(keys.front());
    if (found != last_with_key.end() && fresh[found->second].keys == keys && job.fold(*fresh[found->second].event, **event)) {
      fresh[found->second].records.push_back(i);
      continue;
    }
    for (const std::string& key : keys) last_with_key.insert_or_assign(key, fresh.size());
    fresh.push_back({.event = *std::move(event), .records = {i}, .keys = std::move(keys)});
  }
  std::ranges::move(fresh, std::back_inserter(batch.items));
  std::ranges::stable_sort(batch.items, {}, [](const WorkItem& item) { return item.records.front(); });
}

void reopen(std::span<PartitionBatch* const> batches) {
  for (PartitionBatch* batch : batches) {
    for (WorkItem& item : batch->items) {
      if (item.state != WorkItem::State::planned || item.journalled || item.error) continue;
      item.state = WorkItem::State::open;
      item.plan = {};
    }
  }
}

namespace {

/// The earliest wave of the journal that the batch has not repeated yet.
std::optional<int> wave_to_repeat(const PartitionBatch& batch) {
  std::optional<int> earliest;
  for (const WorkItem& item : batch.items) {
    if (item.state != WorkItem::State::done && item.restored_wave) earliest = std::min(earliest.value_or(*item.restored_wave), *item.restored_wave);
  }
  return earliest;
}

}  // namespace

std::vector<WaveItem> next_wave(std::span<PartitionBatch* const> batches) {
  std::vector<WaveItem> wave;
  std::unordered_set<std::string_view> taken;
  for (PartitionBatch* batch : batches) {
    const auto repeating = wave_to_repeat(*batch);
    for (WorkItem& item : batch->items) {
      if (item.state == WorkItem::State::done) continue;
      const bool its_turn = !repeating || item.restored_wave == repeating;
      const bool free = its_turn && std::ranges::none_of(item.keys, [&](const std::string& key) { return taken.contains(key); });
      taken.insert(item.keys.begin(), item.keys.end());
      if (free) wave.push_back({batch, &item});
    }
  }
  return wave;
}

}  // namespace lernd
