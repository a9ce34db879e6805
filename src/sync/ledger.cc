#include "sync/ledger.h"

#include <fmt/format.h>

#include <utility>

#include "bulk/csv_field.h"

namespace lernd::sync {
namespace {

constexpr std::chrono::seconds kSaveEvery{1};

/// A line of the list of ids as an id file has it.
std::string id_file_line(const ObjectType& type, const std::string& line) {
  return type.element != Element::text && line.starts_with('{') ? line : bulk::csv_quoted(line);
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(Parts parts) {
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(parts)));
  ledger->checkpoint_ = ledger->parts_.checkpoint;
  ledger->checkpoint_.failed = 0;
  ledger->totals_.ids = ledger->checkpoint_.total;
  ledger->totals_.done_before = ledger->checkpoint_.done.count();
  const auto size = ledger->parts_.options.block_size;
  ledger->totals_.blocks = (ledger->totals_.ids - ledger->totals_.done_before + size - 1) / size;
  for (const auto& [file, path] : {std::pair(&ledger->success_, &ledger->parts_.paths.success), std::pair(&ledger->failure_, &ledger->parts_.paths.failure)}) {
    auto made = bulk::create_file(*path);
    if (!made) return std::unexpected(made.error());
    *file = std::move(*made);
  }
  if (auto done = ledger->save_now(); !done) return std::unexpected(done.error());
  return ledger;
}

void Ledger::count_request(bool retry) {
  const std::scoped_lock lock(mutex_);
  ++totals_.requests;
  if (retry) ++totals_.retries;
}

void Ledger::count_throttled(std::chrono::milliseconds wait) {
  const std::scoped_lock lock(mutex_);
  totals_.throttled_ms += wait.count();
}

void Ledger::count_error(const Verdict& verdict) {
  const std::scoped_lock lock(mutex_);
  ++totals_.errors[std::string(name_of(verdict.outcome))][verdict.label];
}

void Ledger::count_block(bool ok) {
  const std::scoped_lock lock(mutex_);
  ++(ok ? totals_.blocks_ok : totals_.blocks_failed);
}

Result<bool> Ledger::accepted(const Sent& sent) {
  const auto confirmed = parts_.options.verify ? confirmations(sent.response, sent.items) : std::nullopt;
  std::vector<bulk::Item> doubtful;
  for (std::size_t i = 0; confirmed && i < sent.items.size(); ++i) {
    if (!(*confirmed)[i]) doubtful.push_back(sent.items[i]);
  }
  const std::scoped_lock lock(mutex_);
  const auto count = std::ssize(sent.items) - std::ssize(doubtful);
  if (auto done = write(success_, sent, ""); !done) return std::unexpected(done.error());
  if (!doubtful.empty()) {
    totals_.errors["not_confirmed"]["200"] += std::ssize(doubtful);
    Sent part = sent;
    part.items = doubtful;
    part.body = body_of(parts_.options.type, true, doubtful);
    if (auto done = write_failed(part, "not_confirmed: accepted, but not reported as indexed"); !done) return std::unexpected(done.error());
  }
  totals_.accepted += count;
  if (confirmed) totals_.confirmed += count;
  if (parts_.options.verify && !confirmed) {
    totals_.unverified += count;
    if (!std::exchange(warned_unverified_, true)) {
      parts_.warn("sunbird_sync_operation_type: the service does not verify (userorg-service 3.8.0 or newer does); its ids count as accepted and unverified");
    }
  }
  std::vector<bulk::Item> good;
  for (std::size_t i = 0; confirmed && i < sent.items.size(); ++i) {
    if ((*confirmed)[i]) good.push_back({.position = sent.items[i].position, .line = {}});
  }
  if (auto done = mark_done(confirmed ? std::span<const bulk::Item>(good) : sent.items); !done) return std::unexpected(done.error());
  return doubtful.empty();
}

Result<void> Ledger::failed(const Sent& sent) {
  const std::scoped_lock lock(mutex_);
  return write_failed(sent, fmt::format("{}: {}", name_of(sent.verdict.outcome), sent.verdict.text));
}

Result<void> Ledger::write(const bulk::File& log, const Sent& sent, std::string_view error) {
  return log.append(log_text({.number = sent.number,
                              .body = sent.body,
                              .response = parts_.secrets.masked(sent.response),
                              .status = sent.verdict.status,
                              .attempts = sent.attempts,
                              .time = parts_.now(),
                              .error = parts_.secrets.masked(std::string(error))}));
}

Result<void> Ledger::write_failed(const Sent& sent, std::string_view error) {
  if (auto done = write(failure_, sent, error); !done) return done;
  if (!failed_ids_) {
    auto made = bulk::create_file(parts_.paths.failed_ids);
    if (!made) return std::unexpected(made.error());
    failed_ids_ = std::move(*made);
  }
  std::string lines;
  for (const bulk::Item& item : sent.items) lines += id_file_line(parts_.options.type, item.line) + "\n";
  totals_.failed += std::ssize(sent.items);
  checkpoint_.failed = totals_.failed;
  return failed_ids_.append(lines);
}

Result<void> Ledger::mark_done(std::span<const bulk::Item> items) {
  for (std::size_t i = 0; i < items.size();) {
    std::size_t next = i + 1;
    while (next < items.size() && items[next].position == items[next - 1].position + 1) ++next;
    const auto first = items[i].position;
    const auto end = items[next - 1].position + 1;
    checkpoint_.done.add(first, end);
    if (auto done = note(parts_.checkpoint_file, first, end); !done) return done;
    i = next;
  }
  return parts_.steady() - saved_ < kSaveEvery ? Result<void>() : save_now();
}

Result<void> Ledger::save() {
  const std::scoped_lock lock(mutex_);
  return save_now();
}

Result<void> Ledger::save_now() {
  saved_ = parts_.steady();
  for (const bulk::File* log : {&success_, &failure_}) {
    if (auto done = log->sync(); !done) return done;
  }
  return parts_.checkpoint_file.save(checkpoint_json(checkpoint_));
}

Totals Ledger::totals() const {
  const std::scoped_lock lock(mutex_);
  return totals_;
}

bool Ledger::has_failed_ids() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<bool>(failed_ids_);
}

}  // namespace lernd::sync
