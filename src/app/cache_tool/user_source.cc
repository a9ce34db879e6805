#include "app/cache_tool/user_source.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <map>

namespace lernd::cache_tool {
namespace {

/// Counts what is no id. What such a line holds may be anything, so nobody gets to see it.
class NoIds {
 public:
  bulk::IdReader::Reject taker() {
    return [this](std::int64_t number, std::string_view reason, std::string_view) {
      if (reasons_.empty()) first_ = number;
      ++reasons_[std::string(reason)];
      return Result<void>();
    };
  }

  void tell(const std::string& where, std::string_view piece, const World& world) const {
    if (reasons_.empty()) return;
    std::string text;
    for (const auto& [reason, count] : reasons_) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason, count);
    world.warn(fmt::format("{} holds what is no id and was left out: {}; the first is in {} {}", where, text, piece, first_));
  }

 private:
  std::map<std::string, std::int64_t> reasons_;
  std::int64_t first_ = 0;
};

Result<bulk::IdList> with_warnings(Result<bulk::IdList> list, const World& world) {
  if (list) {
    for (const auto& warning : list->warnings) world.warn(warning);
  }
  return list;
}

}  // namespace

std::string UserSource::text() const { return is_file() ? id_file : table.text() + "." + column; }

bulk::IdColumn UserSource::id_column() const {
  return {.table = table, .column = column, .table_remedy = "set --table, or give a file of ids with --ids", .column_remedy = "set --column"};
}

Result<bulk::IdList> listed_users(const UserSource& source, const std::string& folder, const World& world) {
  NoIds left_out;
  auto list = bulk::read_id_file({.path = source.id_file, .rules = {}, .option = "--ids", .column_option = ""}, folder, left_out.taker(), world.stop);
  left_out.tell(source.text(), "line", world);
  return with_warnings(std::move(list), world);
}

Result<bulk::IdList> scanned_users(const UserSource& source, const std::string& path, const World& world) {
  auto scan = bulk::with_retries(table_pace(world), table_parts(world), [&] { return world.services.open_scan(); });
  if (!scan) return std::unexpected(std::move(scan).error());
  RunStatus status(world.waiter);
  world.progress.begin([&] { return status.look(); });
  NoIds left_out;
  auto list = bulk::read_table_ids({.from = source.id_column(),
                                    .options = {.retry = table_pace(world)},
                                    .scan = **scan,
                                    .parts = table_parts(world),
                                    .path = path,
                                    .reject = left_out.taker(),
                                    .on_page = [&](std::int64_t ids) {
                                      status.begin(0, ids, 0);
                                      world.progress.moved();
                                    }});
  world.progress.end();
  left_out.tell(source.text(), "row", world);
  return with_warnings(std::move(list), world);
}

std::string scratch_folder() {
  std::error_code unknown;
  const auto folder = std::filesystem::temp_directory_path(unknown);
  return unknown ? "." : folder.string();
}

Result<bulk::IdList> users_now(const UserSource& source, const World& world) {
  if (source.is_file()) return listed_users(source, scratch_folder(), world);
  const auto path = bulk::path_in(scratch_folder(), fmt::format("lernd-users-{}.ids", ::getpid()));
  auto list = scanned_users(source, path, world);
  if (auto removed = bulk::remove_file(path); !removed && list) return std::unexpected(removed.error());
  return list;
}

}  // namespace lernd::cache_tool
