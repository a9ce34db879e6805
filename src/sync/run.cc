#include "sync/run.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>

#include "bulk/checkpoint_file.h"
#include "bulk/id_file.h"
#include "sync/checkpoint.h"
#include "sync/id_source.h"
#include "sync/ledger.h"
#include "sync/rejected_ids.h"
#include "sync/secrets.h"
#include "sync/wait_board.h"
#include "sync/workers.h"

namespace lernd::sync {
namespace {

constexpr int kUsage = 2;
constexpr int kStopped = 3;
constexpr std::size_t kFingerprintShown = 12;
constexpr std::string_view kListName = "syncIds.csv";

std::string absolute(const std::string& path) {
  std::error_code unknown;
  const auto whole = std::filesystem::absolute(path, unknown).lexically_normal();
  return unknown ? path : whole.string();
}

/// What stops a run before it sends: the exit code, and why.
struct Halt {
  int exit_code = 0;
  std::string message;
};
template <class T>
using Step = std::expected<T, Halt>;

class Run {
 public:
  Run(const Options& options, const World& world) : options_(options), world_(world), secrets_(options), began_(world.waiter.now()) {
    report_.object_type = options.type.name;
    report_.endpoint = shown_url(options.endpoint);
    report_.source = options.source();
    report_.operation_type = options.verify ? "sync" : "";
    report_.started = world.clock.now();
  }

  Ended go() {
    auto end = prepare_and_send();
    Ended ended{.exit_code = end ? *end : end.error().exit_code, .message = end ? message_ : end.error().message, .report = {}};
    if (ended.exit_code == kUsage) return ended;
    if (!end) report_.status = ended.exit_code == kStopped ? Status::stopped : Status::interrupted;
    report_.exit_code = ended.exit_code;
    report_.ended = world_.clock.now();
    if (report_.elapsed_ms == 0) report_.elapsed_ms = since(began_);
    if (auto done = write_report(); !done) {
      world_.warn("the report is missing: " + done.error().text);
    }
    ended.report = report_;
    return ended;
  }

 private:
  bool scans() const { return options_.id_file.empty(); }
  std::string name(std::string_view kind, std::string_view extension) const {
    return bulk::path_in(options_.log_dir, fmt::format("{}_{}.{}", kind, stamp_, extension));
  }
  std::int64_t since(bulk::Time start) const { return std::chrono::duration_cast<std::chrono::milliseconds>(world_.waiter.now() - start).count(); }

  Step<int> prepare_and_send() {
    if (auto done = bulk::make_folders(options_.log_dir); !done) return usage("sunbird_sync_log_dir: " + done.error().text);
    choose_stamp();
    rejected_.emplace(name("SyncRejectedIds", "csv"));
    if (auto done = scans() ? lock_folder() : Step<void>(); !done) return std::unexpected(done.error());
    // The checkpoint of a table is known before its ids are read; that of a file only after.
    if (auto done = scans() ? find_checkpoint("") : Step<void>(); !done) return std::unexpected(done.error());
    if (auto done = read_ids(); !done) return leave(done.error());
    if (auto done = scans() ? Step<void>() : find_checkpoint(list_.content_sha256); !done) return leave(done.error());
    if (auto done = check_checkpoint(); !done) return leave(done.error());
    if (world_.stop.stop_requested()) return leave(interrupted());
    return options_.dry_run ? end_dry_run() : send();
  }

  std::unexpected<Halt> usage(std::string text) const { return std::unexpected(Halt{kUsage, std::move(text)}); }
  Halt interrupted() const { return {world_.stop_exit_code(), "interrupted before anything was sent"}; }

  /// What a failure before the first request means for the exit code.
  Halt halt_of(const Error& error) const {
    if (world_.stop.stop_requested()) return interrupted();
    return {error.treatment == Treatment::reject ? kUsage : kStopped, error.text};
  }

  std::unexpected<Halt> leave(Halt halt) {
    if (checkpoint_file_) (void)checkpoint_file_->tidy();  // an empty tail does no harm
    return std::unexpected(std::move(halt));
  }

  void choose_stamp() {
    const auto taken = [&] {
      for (const std::string_view kind : {"SyncSuccess", "SyncFailure", "SyncFailedIds", "SyncRejectedIds", "SyncReport"}) {
        for (const std::string_view extension : {"log", "csv", "json"}) {
          if (bulk::file_exists(name(kind, extension))) return true;
        }
      }
      return false;
    };
    stamp_ = report_.started.ms;
    while (taken()) ++stamp_;
  }

  Step<void> lock_folder() {
    auto folder = bulk::open_folder(options_.log_dir);
    if (!folder) return usage("sunbird_sync_log_dir: " + folder.error().text);
    const auto locked = folder->lock();
    if (!locked) return usage("sunbird_sync_log_dir: " + locked.error().text);
    if (!*locked)
      return usage(fmt::format("another scan is under way in {}; wait for its end, or give another sunbird_sync_log_dir", absolute(options_.log_dir)));
    folder_ = std::move(*folder);
    return {};
  }

  Step<void> find_checkpoint(std::string_view content) {
    fingerprint_ = fingerprint(options_, content);
    const auto path = options_.checkpoint_file.empty()
                          ? bulk::path_in(options_.log_dir, fmt::format("SyncCheckpoint_{}.json", std::string_view(fingerprint_).substr(0, kFingerprintShown)))
                          : options_.checkpoint_file;
    if (options_.dry_run && !bulk::file_exists(path)) return {};
    auto file = bulk::CheckpointFile::open(path, "sunbird_sync_checkpoint_file");
    if (!file) return usage(file.error().text);
    checkpoint_file_.emplace(std::move(*file));
    if (options_.resume == Resume::never && !options_.dry_run) {
      if (auto done = bulk::remove_file(path); !done) return usage(done.error().text);
    }
    auto found = options_.resume == Resume::never ? Result<std::optional<Checkpoint>>() : load(*checkpoint_file_);
    if (!found) return usage(found.error().text + "; remove it, or start anew with sunbird_sync_resume=never");
    if (*found && (*found)->fingerprint != fingerprint_) {
      return usage(fmt::format(
          "{} belongs to other ids or another endpoint; give another sunbird_sync_checkpoint_file, or start anew with sunbird_sync_resume=never", path));
    }
    if (!*found && options_.resume == Resume::require) {
      (void)checkpoint_file_->tidy();
      return usage(fmt::format("sunbird_sync_resume: there is no checkpoint {} to go on from", path));
    }
    former_ = std::move(*found);
    return {};
  }

  /// Positions mean something in one list only.
  Step<void> check_checkpoint() {
    if (!former_ || (former_->total == list_.count && former_->bytes == list_.bytes && former_->list_sha256 == list_.sha256)) return {};
    return usage(fmt::format("{} does not fit the list of ids any more ({}); start anew with sunbird_sync_resume=never", checkpoint_file_->path(),
                             scans() ? "syncIds.csv was changed" : "sunbird_sync_id_pattern or sunbird_sync_dedupe was changed"));
  }

  Step<void> read_ids() {
    auto list = scans() ? scanned_ids() : file_ids(options_, *rejected_, world_.stop);
    if (rejected_->any()) report_.files["rejected ids"] = absolute(rejected_->path());
    if (!list) return std::unexpected(halt_of(list.error()));
    list_ = std::move(*list);
    report_.lines = list_.lines;
    for (const auto& warning : list_.warnings) world_.warn(warning);
    return {};
  }

  Result<bulk::IdList> scanned_ids() {
    const auto path = bulk::path_in(options_.log_dir, kListName);
    report_.files["ids"] = absolute(path);
    if (former_) {
      auto list = bulk::open_id_list(path);
      if (list) return list;
      return fail(Treatment::reject, ErrorCode::not_found,
                  fmt::format("the list of ids of {} is gone ({}); start anew with sunbird_sync_resume=never", checkpoint_file_->path(), list.error().text));
    }
    auto scan = world_.open_scan();
    if (!scan) return std::unexpected(scan.error());
    std::atomic<std::int64_t> count{0};
    world_.progress.begin([&] { return bulk::Progress{.done = count.load(), .total = 0, .failed = 0, .per_second = 0, .waits_for = {}, .waits_seconds = 0}; });
    const TableSource source{.scan = **scan,
                             .waiter = world_.waiter,
                             .clock = world_.clock,
                             .on_page =
                                 [&](std::int64_t ids) {
                                   count = ids;
                                   world_.progress.moved();
                                 },
                             .stop = world_.stop};
    auto list = table_ids(options_, source, *rejected_, path);
    world_.progress.end();
    return list;
  }

  Step<int> end_dry_run() {
    report_.status = Status::dry_run;
    report_.resumed = former_.has_value();
    Totals& totals = report_.totals;
    totals.ids = list_.count;
    totals.done_before = former_ ? former_->done.count() : 0;
    totals.blocks = (totals.ids - totals.done_before + options_.block_size - 1) / options_.block_size;
    auto estimate = totals.blocks * options_.pause.count() / options_.concurrency;
    if (options_.requests_per_hour_max > 0) estimate = std::max(estimate, totals.blocks * 3'600'000 / options_.requests_per_hour_max);
    report_.files["estimated time"] = bulk::duration_text(estimate);
    return 0;
  }

  Step<int> send() {
    report_.resumed = former_.has_value();
    Checkpoint checkpoint = former_.value_or(Checkpoint{.fingerprint = fingerprint_,
                                                        .source = report_.source,
                                                        .total = list_.count,
                                                        .bytes = list_.bytes,
                                                        .list_sha256 = list_.sha256,
                                                        .failed = 0,
                                                        .done = {}});
    const LogPaths paths{name("SyncSuccess", "log"), name("SyncFailure", "log"), name("SyncFailedIds", "csv")};
    auto ledger = Ledger::open({.options = options_,
                                .secrets = secrets_,
                                .checkpoint_file = *checkpoint_file_,
                                .paths = paths,
                                .checkpoint = checkpoint,
                                .now = [this] { return world_.clock.now(); },
                                .steady = [this] { return world_.waiter.now(); },
                                .warn = [this](const std::string& text) { warn(text); }});
    if (!ledger) return leave({kStopped, ledger.error().text});
    report_.files["success log"] = absolute(paths.success);
    report_.files["failure log"] = absolute(paths.failure);
    auto end = send_blocks(**ledger, checkpoint.done);
    report_.totals = (*ledger)->totals();
    if ((*ledger)->has_failed_ids()) report_.files["failed ids"] = absolute(paths.failed_ids);
    // A stop cuts retries short: what has failed then may not have had all of them.
    const bool cut_short = world_.stop.stop_requested() && report_.totals.failed > 0;
    if (end && end->empty() && report_.totals.not_attempted() == 0 && !cut_short) return end_complete();
    if (auto saved = (*ledger)->save(); !saved && end) end = std::unexpected(saved.error());
    report_.files["checkpoint"] = absolute(checkpoint_file_->path());
    message_ = end ? *end : secrets_.masked(end.error().text);
    const bool by_signal = end && end->empty();
    if (by_signal) message_ = "interrupted";
    message_ += "; the same command goes on from here";
    report_.status = by_signal ? Status::interrupted : Status::stopped;
    return by_signal ? world_.stop_exit_code() : kStopped;
  }

  Result<std::string> send_blocks(Ledger& ledger, const bulk::Intervals& done) {
    const bulk::Time start = world_.waiter.now();
    const auto run_id = fmt::format("{:013}-{:08x}", stamp_, world_.clock.random()[0] & 0xffffffff);
    WaitBoard board(static_cast<std::size_t>(options_.concurrency));
    world_.progress.begin([&] { return progress_of(ledger.totals(), board, start); });
    auto end = send_all({.options = options_,
                         .run_id = run_id,
                         .list = list_.file,
                         .done = done,
                         .ledger = ledger,
                         .waiter = world_.waiter,
                         .clock = world_.clock,
                         .board = board,
                         .make_client = world_.make_client,
                         .warn = [this](const std::string& text) { warn(text); },
                         .on_block = [this] { world_.progress.moved(); },
                         .stop = world_.stop});
    world_.progress.end();
    report_.elapsed_ms = since(start);
    return end;
  }

  bulk::Progress progress_of(const Totals& totals, const WaitBoard& board, bulk::Time start) const {
    bulk::Progress progress{.done = totals.done_before + totals.accepted + totals.failed,
                            .total = totals.ids,
                            .failed = totals.failed,
                            .per_second = 0,
                            .waits_for = {},
                            .waits_seconds = 0};
    const bulk::Time now = world_.waiter.now();
    if (const auto ms = since(start); ms > 0) progress.per_second = static_cast<double>(totals.accepted + totals.failed) * 1000 / static_cast<double>(ms);
    // One of less than a second is over before it is read.
    if (const auto wait = board.shown(); wait && wait->until != bulk::Time::max() && wait->until - now >= std::chrono::seconds(1)) {
      progress.waits_for = wait->what;
      progress.waits_seconds = std::chrono::ceil<std::chrono::seconds>(wait->until - now).count();
    }
    return progress;
  }

  Step<int> end_complete() {
    if (auto done = checkpoint_file_->remove(); !done) world_.warn(done.error().text);
    if (scans()) {
      report_.files.erase("ids");
      if (auto done = bulk::remove_file(bulk::path_in(options_.log_dir, kListName)); !done) world_.warn(done.error().text);
    }
    report_.status = report_.totals.failed == 0 ? Status::completed : Status::completed_with_failures;
    return report_.totals.failed == 0 ? 0 : 1;
  }

  Result<void> write_report() {
    const auto path = name("SyncReport", "json");
    report_.files["report"] = absolute(path);
    return bulk::replace_file(path, secrets_.masked(report_json(report_)));
  }

  void warn(const std::string& text) const { world_.warn(secrets_.masked(text)); }

  const Options& options_;
  const World& world_;
  const Secrets secrets_;
  const bulk::Time began_;
  Report report_;
  std::string message_;
  std::int64_t stamp_ = 0;
  std::string fingerprint_;
  bulk::File folder_;  ///< holds the lock
  std::optional<RejectedIds> rejected_;
  std::optional<bulk::CheckpointFile> checkpoint_file_;
  std::optional<Checkpoint> former_;
  bulk::IdList list_;
};

}  // namespace

Ended run(const Options& options, const World& world) { return Run(options, world).go(); }

}  // namespace lernd::sync
