#include "sync/id_source.h"

#include "bulk/table_ids.h"

namespace lernd::sync {
namespace {

bulk::IdReader::Reject into(RejectedIds& rejected) {
  return [&rejected](std::int64_t number, std::string_view reason, std::string_view value) { return rejected.add(number, reason, value); };
}

/// What is wrong with the ids may be all there is to tell, so it is told of a list that failed, too.
Result<bulk::IdList> told(Result<bulk::IdList> list, RejectedIds& rejected) {
  if (auto done = rejected.flush(); !done && list) return std::unexpected(done.error());
  return list;
}

}  // namespace

Result<bulk::IdList> file_ids(const Options& options, RejectedIds& rejected, const std::stop_token& stop) {
  const bulk::IdFile file{
      .path = options.id_file,
      .rules = {.objects = object_lines(options.type), .column = options.id_column, .pattern = options.id_pattern, .dedupe = options.dedupe},
      .option = "sunbird_sync_id_file",
      .column_option = "sunbird_sync_id_column"};
  return told(bulk::read_id_file(file, options.log_dir, into(rejected), stop), rejected);
}

Result<bulk::IdList> table_ids(const Options& options, const TableSource& source, RejectedIds& rejected, const std::string& path) {
  const bulk::TableRead read{.from = {.table = {options.keyspace, options.table},
                                      .column = options.column,
                                      .table_remedy = "check sunbird_cassandra_keyspace, sunbird_cassandra_table and sunbird_sync_object_type",
                                      .column_remedy = "set sunbird_cassandra_column, or check sunbird_sync_object_type"},
                             .options = {.concurrency = options.cassandra.concurrency,
                                         .ranges = options.cassandra.ranges,
                                         .retry = {.base = options.retry_base, .cap = options.retry_cap},
                                         .pattern = options.id_pattern,
                                         .dedupe = options.dedupe,
                                         .line_of = [&options](std::string_view id) { return line_of(options.type, id); }},
                             .scan = source.scan,
                             .parts = {.waiter = source.waiter, .clock = source.clock, .on_retry = {}, .stop = source.stop},
                             .path = path,
                             .reject = into(rejected),
                             .on_page = source.on_page};
  return told(bulk::read_table_ids(read), rejected);
}

}  // namespace lernd::sync
