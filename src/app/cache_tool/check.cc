#include "app/cache_tool/check.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/cache_tool/sample.h"
#include "app/cache_tool/user_rounds.h"
#include "bulk/blocks.h"
#include "bulk/csv_field.h"
#include "bulk/id_list.h"

namespace lernd::cache_tool {
namespace {

constexpr std::int64_t kBlock = 256;

class Check {
 public:
  Check(const CheckOptions& options, const World& world) : options_(options), world_(world), status_(world.waiter) {
    report_.source = options.source.text();
    if (!options.source.is_file()) report_.seed = options.seed;
  }

  CheckEnded go() {
    const auto list = users();
    if (!list) {
      if (world_.stop.stop_requested()) return {.end = End::stopped, .message = "stopped", .report = {}};
      const Halt halt = halt_of(list.error());
      return {.end = halt.end, .message = halt.text, .report = {}};
    }
    const auto began = world_.waiter.now();
    const auto done = look_at(*list);
    report_.elapsed_ms = std::chrono::duration_cast<std::chrono::milliseconds>(world_.waiter.now() - began).count();
    if (done) return {.end = all_well() ? End::done : End::failed, .message = "", .report = report_};
    if (world_.stop.stop_requested()) return {.end = End::stopped, .message = "stopped", .report = report_};
    if (report_.asked == 0) return {.end = halt_of(done.error()).end, .message = done.error().text, .report = {}};
    return {.end = End::stopped, .message = done.error().text, .report = report_};
  }

 private:
  bool all_well() const { return report_.judged.missing + report_.judged.stale + report_.failed == 0; }

  Result<bulk::IdList> users() {
    if (options_.source.is_file()) return listed_users(options_.source, scratch_folder(), world_);
    const auto sampled = sampled_users(options_.source, static_cast<std::size_t>(options_.sample), options_.seed, world_);
    if (!sampled) return std::unexpected(sampled.error());
    auto file = bulk::unnamed_file(scratch_folder());
    if (!file) return std::unexpected(file.error());
    bulk::IdList list{.file = std::move(*file)};
    bulk::IdListWriter writer(list.file);
    for (const std::string& user : *sampled) {
      if (auto added = writer.add(user); !added) return std::unexpected(added.error());
    }
    if (auto flushed = writer.flush(); !flushed) return std::unexpected(flushed.error());
    list.count = writer.count();
    return list;
  }

  Result<void> look_at(const bulk::IdList& list) {
    auto ports = world_.services.open();
    if (!ports) return std::unexpected(ports.error());
    if (auto opened = open_list(); !opened) return opened;
    UserRounds rounds(world_, *ports, status_);
    const bulk::Intervals none;
    bulk::BlockReader blocks(list.file, none, kBlock);
    status_.begin(list.count, 0, 0);
    world_.progress.begin([this] { return status_.look(); });
    auto done = look_at_blocks(blocks, rounds, *ports->cache);
    world_.progress.end();
    return done;
  }

  Result<void> open_list() {
    if (options_.list.empty()) return {};
    auto file = bulk::open_or_create(options_.list);
    if (!file) return std::unexpected(file.error());
    if (auto emptied = file->truncate(); !emptied) return emptied;
    list_ = std::move(*file);
    report_.list = options_.list;
    return {};
  }

  Result<void> look_at_blocks(bulk::BlockReader& blocks, UserRounds& rounds, Cache& cache) {
    while (!world_.stop.stop_requested()) {
      auto block = blocks.next();
      if (!block) return std::unexpected(block.error());
      if (!*block) return {};
      std::vector<std::string> users;
      for (bulk::Item& item : (*block)->items) users.push_back(std::move(item.line));
      if (auto done = look_at_block(users, rounds, cache); !done) return done;
      world_.progress.moved();
    }
    return fail(Treatment::retry, ErrorCode::internal, "stopped");
  }

  Result<void> look_at_block(const std::vector<std::string>& users, UserRounds& rounds, Cache& cache) {
    std::vector<Judgement> judgements;
    auto fates = judge_users(users, rounds, cache, judgements);
    if (!fates) return std::unexpected(fates.error());
    std::vector<std::size_t> doubtful;
    std::vector<std::string> again;
    for (std::size_t i = 0; i < users.size(); ++i) {
      if ((*fates)[i].kind != Fate::Kind::done || judgements[i].kind == Judgement::Kind::right) continue;
      doubtful.push_back(i);
      again.push_back(users[i]);
    }
    if (!again.empty()) {
      std::vector<Judgement> second;
      const auto second_fates = judge_users(again, rounds, cache, second);
      if (!second_fates) return std::unexpected(second_fates.error());
      for (std::size_t i = 0; i < doubtful.size(); ++i) {
        (*fates)[doubtful[i]] = (*second_fates)[i];
        judgements[doubtful[i]] = std::move(second[i]);
      }
    }
    return count(users, *fates, judgements);
  }

  static Result<std::vector<Fate>> judge_users(std::span<const std::string> users, UserRounds& rounds, Cache& cache, std::vector<Judgement>& judgements) {
    judgements.assign(users.size(), {});
    return rounds.run(users, [&](std::span<const Found> found) {
      auto judged = judge(found, cache);
      std::vector<Result<void>> results(found.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (judged[i]) {
          judgements[found[i].user] = std::move(*judged[i]);
        } else {
          results[i] = std::unexpected(judged[i].error());
        }
      }
      return results;
    });
  }

  Result<void> count(const std::vector<std::string>& users, const std::vector<Fate>& fates, const std::vector<Judgement>& judgements) {
    const auto failed = report_.failed;
    std::string lines;
    for (std::size_t i = 0; i < users.size(); ++i) {
      ++report_.asked;
      switch (fates[i].kind) {
        case Fate::Kind::done:
          report_.judged.add(judgements[i]);
          if (judgements[i].kind != Judgement::Kind::right) lines += bulk::csv_quoted(users[i]) + "\n";
          break;
        case Fate::Kind::unknown:
          ++report_.unknown;
          break;
        case Fate::Kind::blocked:
          ++report_.blocked;
          break;
        case Fate::Kind::failed:
          ++report_.failed;
          break;
      }
    }
    status_.add(std::ssize(users), report_.failed - failed);
    return list_ ? list_.append(lines) : Result<void>();
  }

  const CheckOptions& options_;
  const World& world_;
  RunStatus status_;
  CheckReport report_;
  bulk::File list_;
};

}  // namespace

CheckEnded check(const CheckOptions& options, const World& world) { return Check(options, world).go(); }

}  // namespace lernd::cache_tool
