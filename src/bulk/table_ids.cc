#include "bulk/table_ids.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <thread>

#include "bulk/id_list.h"
#include "bulk/id_set.h"
#include "core/cql_type.h"

namespace lernd::bulk {
namespace {

constexpr std::string_view kMurmur3 = "Murmur3Partitioner";

std::unexpected<Error> misfit(std::string text) { return fail(Treatment::fatal, ErrorCode::schema_mismatch, std::move(text)); }

/// Reads ranges on several threads into one list.
class Reading {
 public:
  Reading(const TableRead& read, IdScan scan, std::vector<std::optional<TokenRange>> ranges, const File& file)
      : read_(read),
        query_(std::move(scan.query)),
        uuid_(scan.uuid),
        ranges_(std::move(ranges)),
        repeats_(read.options.dedupe && query_.partition_key != std::vector{query_.column}),
        pattern_(read.options.pattern, re2::RE2::Quiet),
        parts_{read.parts.waiter, read.parts.clock, read.parts.on_retry, halt_.get_token()},
        writer_(file) {}

  Result<void> run() {
    const std::stop_callback forward(read_.parts.stop, [this] { halt_.request_stop(); });
    {
      const auto count = std::min<std::size_t>(static_cast<std::size_t>(read_.options.concurrency), ranges_.size());
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
    }
    if (error_) return std::unexpected(*error_);
    if (read_.parts.stop.stop_requested()) return fail(Treatment::retry, ErrorCode::internal, "stopped");
    return writer_.flush();
  }

  IdListWriter& writer() { return writer_; }
  std::int64_t empty() const { return empty_; }

 private:
  void work() {
    while (!halt_.stop_requested()) {
      std::optional<TokenRange> range;
      {
        const std::scoped_lock lock(mutex_);
        if (next_range_ == ranges_.size()) return;
        range = ranges_[next_range_++];
      }
      if (auto done = read_range(range); !done) {
        const std::scoped_lock lock(mutex_);
        if (!error_) error_ = done.error();
        halt_.request_stop();
      }
    }
  }

  Result<void> read_range(const std::optional<TokenRange>& range) {
    ScanQuery query = query_;
    query.range = range;
    std::string position;
    do {
      auto page = with_retries(read_.options.retry, parts_, [&] { return read_.scan.page(query, position); });
      if (!page) return std::unexpected(page.error());
      if (auto done = take(*page); !done) return done;
      position = std::move(page->next);
    } while (!position.empty() && !halt_.stop_requested());
    return {};
  }

  Result<void> take(const ScanPage& page) {
    const std::scoped_lock lock(mutex_);
    for (const Value& value : page.values) {
      ++rows_;
      const std::string id = id_of(value, uuid_);
      if (id.empty()) {
        ++empty_;
        continue;
      }
      if (const auto fault = fault_of(id); !fault.empty()) {
        if (auto done = read_.reject(rows_, fault, id); !done) return done;
        continue;
      }
      if (repeats_ && !seen_.insert(id)) continue;
      if (auto done = writer_.add(read_.options.line_of ? read_.options.line_of(id) : id); !done) return done;
    }
    read_.on_page(writer_.count());
    return {};
  }

  /// An id is taken as the table has it, unless it would break the list or does not match the pattern.
  std::string_view fault_of(const std::string& id) const {
    if (id.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos) return "control";
    return !read_.options.pattern.empty() && !re2::RE2::FullMatch(id, pattern_) ? "pattern" : "";
  }

  const TableRead& read_;
  const ScanQuery query_;
  const bool uuid_;
  const std::vector<std::optional<TokenRange>> ranges_;
  const bool repeats_;  ///< one id may stand in several partitions
  const re2::RE2 pattern_;
  std::stop_source halt_;
  const RetryParts parts_;
  std::mutex mutex_;  ///< guards all below
  IdListWriter writer_;
  IdSet seen_;
  std::size_t next_range_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t empty_ = 0;
  std::optional<Error> error_;
};

}  // namespace

std::vector<TokenRange> token_ranges(int count) {
  std::vector<TokenRange> ranges;
  const auto parts = static_cast<unsigned __int128>(std::max(count, 1));
  constexpr auto kRing = static_cast<unsigned __int128>(1) << 64;
  // Tokens are counted from the smallest one, so that the sums stay unsigned.
  const auto token = [](unsigned __int128 place) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(place) ^ (std::uint64_t{1} << 63)); };
  for (unsigned __int128 i = 0; i < parts; ++i) ranges.push_back({.first = token(kRing * i / parts), .last = token(kRing * (i + 1) / parts - 1)});
  return ranges;
}

std::string id_of(const Value& value, bool uuid) {
  if (const auto* text = value.text()) return *text;
  if (const auto* number = value.integer()) return std::to_string(*number);
  const auto* bytes = std::get_if<ValueBytes>(&value.form);
  if (bytes == nullptr || !uuid || bytes->bytes.size() != 16) return {};
  std::string id;
  for (std::size_t i = 0; i < bytes->bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += fmt::format("{:02x}", static_cast<unsigned char>(bytes->bytes[i]));
  }
  return id;
}

bool has_murmur3_tokens(std::string_view partitioner) { return partitioner.ends_with(kMurmur3); }

Result<IdScan> id_scan(TableScan& scan, const IdColumn& from) {
  const auto found = scan.describe(from.table);
  if (!found) return std::unexpected(found.error());
  if (!*found) return misfit(fmt::format("there is no table {}: {}", from.table.text(), from.table_remedy));
  const TableSchema& schema = **found;
  const Column* column = schema.find(from.column);
  if (column == nullptr) return misfit(fmt::format("table {} has no column {}: {}", from.table.text(), from.column, from.column_remedy));
  const auto type = parse_cql_type(column->type);
  if (!type) return std::unexpected(type.error());
  if (type->kind != CqlKind::text && type->kind != CqlKind::uuid && type->kind != CqlKind::integer && type->kind != CqlKind::bigint) {
    return misfit(fmt::format("column {} of table {} is of type {}, which is no id: {}", from.column, from.table.text(), column->type, from.column_remedy));
  }
  IdScan ids{.query = {.table = schema.name, .column = from.column}, .uuid = type->kind == CqlKind::uuid};
  ids.query.partition_key.assign(schema.key.begin(), schema.key.begin() + static_cast<std::ptrdiff_t>(schema.partition_columns));
  const bool whole_key = ids.query.partition_key == std::vector{from.column};
  ids.query.distinct = whole_key && schema.key.size() > schema.partition_columns;
  return ids;
}

Result<IdList> read_table_ids(const TableRead& read) {
  const auto scan = with_retries(read.options.retry, read.parts, [&] { return id_scan(read.scan, read.from); });
  if (!scan) return std::unexpected(scan.error());
  const auto partitioner = with_retries(read.options.retry, read.parts, [&] { return read.scan.partitioner(); });
  if (!partitioner) return std::unexpected(partitioner.error());
  std::vector<std::optional<TokenRange>> ranges{std::nullopt};
  if (has_murmur3_tokens(*partitioner) && read.options.ranges > 1) {
    const auto all = token_ranges(read.options.ranges);
    ranges.assign(all.begin(), all.end());
  }
  const std::string fresh = read.path + ".new";
  if (auto done = remove_file(fresh); !done) return std::unexpected(done.error());
  auto file = open_or_create(fresh);
  if (!file) return std::unexpected(file.error());
  IdList list{.file = std::move(*file)};
  Reading reading(read, *scan, std::move(ranges), list.file);
  auto done = reading.run();
  if (done && reading.writer().count() == 0) {
    done = fail(Treatment::reject, ErrorCode::not_found, fmt::format("table {} has no row with a {} that is an id", read.from.table.text(), read.from.column));
  }
  if (done) done = list.file.sync();
  if (done) done = rename_file(fresh, read.path);
  if (!done) {
    (void)remove_file(fresh);  // half a list is of no use, and what failed is told
    return std::unexpected(done.error());
  }
  list.count = reading.writer().count();
  list.bytes = reading.writer().bytes();
  list.sha256 = reading.writer().digest();
  if (reading.empty() > 0) list.warnings.push_back(fmt::format("{} rows of {} have no {}", reading.empty(), read.from.table.text(), read.from.column));
  return list;
}

}  // namespace lernd::bulk
