#include "app/cache_tool/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/cache_tool/left_list.h"
#include "bulk/blocks.h"
#include "bulk/digest.h"

namespace lernd::cache_tool {
namespace {

constexpr std::chrono::seconds kSaveEvery{1};
/// So many blocks start in a second at least, however small they become, so that a slow pace is an even one.
constexpr std::int64_t kStartsPerSecond = 10;
/// Blocks keep the services busy, and the time between the reading of a profile and the writing of its entry short.
constexpr std::int64_t kBlockPerCall = 8;
constexpr std::int64_t kBlockMin = 64;
constexpr std::int64_t kBlockMax = 2048;

std::string absolute(const std::string& path) {
  std::error_code unknown;
  const auto whole = std::filesystem::absolute(path, unknown).lexically_normal();
  return unknown ? path : whole.string();
}

template <class T>
using Step = std::expected<T, Halt>;

class Rebuild {
 public:
  Rebuild(const RebuildOptions& options, const World& world)
      : options_(options),
        world_(world),
        left_path_(options.checkpoint + ".left.csv"),
        ids_path_(options.checkpoint + ".ids"),
        gate_(options.pace.count, options.pace.time),
        status_(world.waiter) {
    report_.source = options.source.text();
    report_.dry_run = options.dry_run;
  }

  RebuildEnded go() {
    auto end = options_.dry_run ? dry_run() : build();
    const bool begun = report_.users > 0;
    report_.elapsed_ms = begun ? std::chrono::duration_cast<std::chrono::milliseconds>(world_.waiter.now() - began_).count() : 0;
    RebuildEnded ended{.end = end ? *end : end.error().end, .message = end ? "" : end.error().text, .report = {}};
    if (begun && ended.end != End::usage) ended.report = report_;
    return ended;
  }

 private:
  std::unexpected<Halt> usage(std::string text) const { return std::unexpected(Halt{End::usage, std::move(text)}); }
  std::unexpected<Halt> halt(const Error& error) const {
    if (world_.stop.stop_requested()) return std::unexpected(Halt{End::stopped, "stopped before anything was done"});
    return std::unexpected(halt_of(error));
  }

  Step<End> dry_run() {
    auto list = users_now(options_.source, world_);
    if (!list) return halt(list.error());
    list_ = std::move(*list);
    return work();
  }

  Step<End> build() {
    if (auto free = check_left_path(); !free) return std::unexpected(free.error());
    auto file = bulk::CheckpointFile::open(options_.checkpoint, "--checkpoint");
    if (!file) return usage(file.error().text);
    file_.emplace(std::move(*file));
    if (auto found = load_former(); !found) return std::unexpected(found.error());
    if (auto read = read_users(); !read) {
      (void)file_->tidy();  // an empty tail does no harm
      return std::unexpected(read.error());
    }
    auto left = LeftList::open(left_path_, checkpoint_.state.left_bytes);
    if (!left) return usage(left.error().text);
    left_.emplace(std::move(*left));
    checkpoint_.state.left_bytes = left_->bytes();
    if (auto saved = save_all(); !saved) return usage(saved.error().text);
    report_.done_before = checkpoint_.state.done;
    auto end = work();
    if (end) return complete();
    if (end.error().end == End::usage) return forget(std::move(end.error()));
    if (auto saved = save_all(); !saved) end.error().text += "; " + saved.error().text;
    report_.files["checkpoint"] = absolute(options_.checkpoint);
    if (left_->bytes() > 0) report_.files["left out so far"] = absolute(left_path_);
    return end;
  }

  /// The list of those left out is emptied at the start, so it must not be what is read.
  Step<void> check_left_path() const {
    std::error_code unknown;
    if (options_.source.id_file.empty() || !std::filesystem::equivalent(options_.source.id_file, left_path_, unknown)) return {};
    return usage(fmt::format("--ids: {} is the list that this run would write; give it another name, or give another --checkpoint", options_.source.id_file));
  }

  Step<void> load_former() {
    if (options_.restart) {
      if (auto removed = bulk::remove_file(options_.checkpoint); !removed) return usage(removed.error().text);
      return {};
    }
    auto former = load(*file_);
    if (!former) return usage(former.error().text + "; take it away, or begin anew with --restart");
    former_ = std::move(*former);
    return {};
  }

  /// The ids, those of the run before where there was one, and the checkpoint that belongs to them.
  Step<void> read_users() {
    const bool file = options_.source.is_file();
    const bool again = !file && former_;
    auto list = file    ? listed_users(options_.source, folder(), world_)
                : again ? bulk::open_id_list(ids_path_)
                        : scanned_users(options_.source, ids_path_, world_);
    if (!list && again) return usage(fmt::format("the list of users of {} is gone ({}); begin anew with --restart", options_.checkpoint, list.error().text));
    if (!list) return halt(list.error());
    list_ = std::move(*list);
    checkpoint_ = {.fingerprint = fingerprint(), .source = report_.source, .total = list_.count, .list_sha256 = list_.sha256, .state = {}};
    if (!former_) return {};
    if (former_->fingerprint != checkpoint_.fingerprint || former_->total != list_.count || former_->list_sha256 != list_.sha256) {
      return usage(fmt::format("{} belongs to other users, another cache or another user service; give another --checkpoint, or begin anew with --restart",
                               options_.checkpoint));
    }
    checkpoint_.state = former_->state;
    return {};
  }

  std::string folder() const {
    const auto parent = std::filesystem::path(options_.checkpoint).parent_path().string();
    return parent.empty() ? "." : parent;
  }

  /// What a checkpoint belongs to: the source, and everything that says where entries come from and go to.
  std::string fingerprint() const {
    const OptionValues& values = world_.setup.values;
    bulk::Sha256 digest;
    for (const std::string& part :
         {options_.source.is_file() ? list_.content_sha256 : options_.source.text(), values.text("lernd.embedded.file"), values.text("redis-meta.host"),
          values.text("redis-meta.port"), values.text("redis-meta.database.userstore.id"), values.text("user.cache.layout"), values.text("user-read.api.url"),
          values.text("service.userorg.basePath"), values.text("user_read_api")}) {
      digest.add(fmt::format("{}:{}", part.size(), part));
    }
    return digest.hex();
  }

  /// Settles all users that are left.
  Step<End> work() {
    report_.users = list_.count;
    began_ = world_.waiter.now();
    auto ports = world_.services.open();
    if (!ports) return halt(ports.error());
    UserRounds rounds(world_, *ports, status_);
    const RebuildState& state = checkpoint_.state;
    bulk::Intervals done;
    if (state.done > 0) done.add(0, state.done);
    bulk::BlockReader blocks(list_.file, done, block_size());
    status_.begin(list_.count, state.done, state.failures());
    world_.progress.begin([this] { return status_.look(); });
    auto end = settle_blocks(blocks, rounds, *ports);
    world_.progress.end();
    report_.state = state;
    if (!end) return std::unexpected(end.error());
    return state.failures() == 0 ? End::done : End::failed;
  }

  std::int64_t block_size() const {
    const auto size = std::clamp(world_.setup.values.integer("lernd.http.in_flight_max") * kBlockPerCall, kBlockMin, kBlockMax);
    if (options_.pace.count == 0) return size;
    return std::clamp<std::int64_t>(options_.pace.count / options_.pace.time.count() / kStartsPerSecond, 1, size);
  }

  Step<void> settle_blocks(bulk::BlockReader& blocks, UserRounds& rounds, Ports& ports) {
    const auto use = [&](std::span<const Found> found) { return options_.dry_run ? judge_all(found, ports) : write_all(found, ports); };
    while (true) {
      if (world_.stop.stop_requested()) return stopped("stopped");
      auto block = blocks.next();
      if (!block) return stopped(block.error().text);
      if (!*block) return {};
      if (!wait_for_turn(std::ssize((*block)->items))) return stopped("stopped");
      std::vector<std::string> users;
      for (bulk::Item& item : (*block)->items) users.push_back(std::move(item.line));
      const auto fates = rounds.run(users, use);
      if (!fates) return without_block(fates.error());
      if (auto noted = note_block(users, *fates); !noted) return stopped(noted.error().text);
      world_.progress.moved();
    }
  }

  std::unexpected<Halt> stopped(const std::string& why) const {
    return std::unexpected(Halt{End::stopped, options_.dry_run ? why : why + "; the same command goes on from here"});
  }

  std::unexpected<Halt> without_block(const Error& error) const {
    if (world_.stop.stop_requested()) return stopped("stopped");
    // What is wrong from the start is wrong with the options.
    if (error.treatment == Treatment::fatal && checkpoint_.state.done == 0) return usage(error.text);
    return stopped(error.text);
  }

  bool wait_for_turn(std::int64_t users) {
    const auto now = world_.waiter.now();
    const auto start = gate_.take(now, users);
    if (start <= now) return true;
    status_.set_wait("pace", start);
    const bool came = world_.waiter.wait_until(start, world_.stop);
    status_.end_wait();
    return came;
  }

  static std::vector<Result<void>> write_all(std::span<const Found> found, Ports& ports) {
    std::vector<CacheGroup> groups;
    for (const Found& one : found) groups.push_back({one.write});
    auto results = ports.cache->write(groups);
    // On the embedded file nothing is there for good until then.
    if (auto flushed = ports.tables->flush(); !flushed) std::ranges::fill(results, flushed);
    return results;
  }

  std::vector<Result<void>> judge_all(std::span<const Found> found, Ports& ports) {
    const auto judgements = judge(found, *ports.cache);
    std::vector<Result<void>> results(found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (judgements[i]) {
        report_.judged.add(*judgements[i]);
      } else {
        results[i] = std::unexpected(judgements[i].error());
      }
    }
    return results;
  }

  Result<void> note_block(std::span<const std::string> users, std::span<const Fate> fates) {
    RebuildState& state = checkpoint_.state;
    const auto failures = state.failures();
    for (std::size_t i = 0; i < users.size(); ++i) {
      state.add(fates[i]);
      if (left_) left_->add(users[i], fates[i]);
    }
    status_.add(std::ssize(fates), state.failures() - failures);
    if (!left_) return {};
    if (auto done = left_->flush(); !done) return done;
    state.left_bytes = left_->bytes();
    if (auto done = note(*file_, state); !done) return done;
    return world_.waiter.now() - saved_ < kSaveEvery ? Result<void>() : save_all();
  }

  /// The list first: the checkpoint must not know of users that it does not hold.
  Result<void> save_all() {
    saved_ = world_.waiter.now();
    if (auto done = left_->sync(); !done) return done;
    return save(*file_, checkpoint_);
  }

  /// Nothing was done, so nothing is left to go on from; what is mended may well be where entries come from or go to.
  Step<End> forget(Halt halt) {
    (void)left_->tidy();
    if (!options_.source.is_file()) (void)bulk::remove_file(ids_path_);
    (void)file_->remove();
    return std::unexpected(std::move(halt));
  }

  Step<End> complete() {
    if (left_->bytes() > 0) report_.files["left out"] = absolute(left_path_);
    auto done = left_->sync();
    if (done) done = left_->tidy();
    if (done && !options_.source.is_file()) done = bulk::remove_file(ids_path_);
    if (done) done = file_->remove();
    if (!done) world_.warn(done.error().text);
    return report_.state.failures() == 0 ? End::done : End::failed;
  }

  const RebuildOptions& options_;
  const World& world_;
  const std::string left_path_;
  const std::string ids_path_;
  bulk::RateGate gate_;
  RunStatus status_;
  RebuildReport report_;
  bulk::Time began_{};
  bulk::Time saved_{};
  std::optional<bulk::CheckpointFile> file_;
  std::optional<RebuildCheckpoint> former_;
  RebuildCheckpoint checkpoint_;
  std::optional<LeftList> left_;
  bulk::IdList list_;
};

}  // namespace

RebuildEnded rebuild(const RebuildOptions& options, const World& world) { return Rebuild(options, world).go(); }

}  // namespace lernd::cache_tool
