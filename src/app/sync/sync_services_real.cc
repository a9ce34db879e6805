#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "adapters/cassandra/cassandra_scan.h"
#include "adapters/cassandra/cassandra_store.h"
#include "adapters/http/curl_client.h"
#include "app/sync/sync_services.h"
#include "app/version.h"
#include "sync/answer.h"

namespace lernd {
namespace {

/// The options that the adapters name, by the names they have here. Longer ones first where one begins another.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames{{
    {"lms-cassandra.host", "sunbird_cassandra_server"},
    {"lms-cassandra.port", "sunbird_cassandra_port"},
    {"lernd.cassandra.user", "sunbird_cassandra_username"},
    {"lernd.cassandra.password", "sunbird_cassandra_password"},
    {"lernd.cassandra.tls_ca_file", "sunbird_cassandra_ca_file"},
    {", lernd.cassandra.tls_cert_file", ""},
    {"lernd.cassandra.tls", "sunbird_cassandra_ssl"},
    {"run `lernd validate` to see what is missing", "check sunbird_cassandra_keyspace, sunbird_cassandra_table and sunbird_cassandra_column"},
}};

Error in_words_of_sync(Error error) {
  for (const auto& [theirs, ours] : kNames) {
    for (auto at = error.text.find(theirs); at != std::string::npos; at = error.text.find(theirs, at + ours.size()))
      error.text.replace(at, theirs.size(), ours);
  }
  return error;
}

template <class T>
Result<T> in_words_of_sync(Result<T> result) {
  if (!result) return std::unexpected(in_words_of_sync(std::move(result.error())));
  return result;
}

class SyncScan final : public TableScan {
 public:
  explicit SyncScan(std::unique_ptr<TableScan> scan) : scan_(std::move(scan)) {}
  Result<ScanPage> page(const ScanQuery& query, const std::string& position) override { return in_words_of_sync(scan_->page(query, position)); }
  Result<std::optional<TableSchema>> describe(const TableName& table) override { return in_words_of_sync(scan_->describe(table)); }
  Result<std::string> partitioner() override { return in_words_of_sync(scan_->partitioner()); }

 private:
  const std::unique_ptr<TableScan> scan_;
};

}  // namespace

std::unique_ptr<HttpClient> make_sync_client(const sync::Options& options) {
  HttpOptions http{.connect_timeout = options.connect_timeout, .total_timeout = options.request_timeout, .in_flight_max = 1, .ca_file = options.ca_file};
  http.verify = !options.insecure;
  http.user_agent = fmt::format("lernd/{}", kVersion);
  http.proxy_from_environment = true;
  http.ca_option = "sunbird_sync_ca_file";
  for (const std::string_view name : {sync::kRetryAfter, sync::kRateLimitReset, sync::kRemainingThisHour}) http.keep_headers.emplace_back(name);
  return make_curl_client(std::move(http));
}

Result<std::unique_ptr<TableScan>> open_sync_scan(const sync::Options& options) {
  const auto& from = options.cassandra;
  CassandraOptions cassandra{.hosts = from.hosts, .port = from.port, .user = from.user, .password = from.password};
  cassandra.tls = from.tls;
  cassandra.tls_ca_file = from.tls_ca_file;
  cassandra.request_timeout = from.timeout;
  cassandra.page_rows = from.page_rows;
  cassandra.consistency = from.consistency;
  auto session = connect_cassandra(cassandra);
  if (!session) return std::unexpected(in_words_of_sync(std::move(session.error())));
  return std::make_unique<SyncScan>(make_cassandra_scan(std::move(*session)));
}

bool has_sync_services() { return true; }

}  // namespace lernd
