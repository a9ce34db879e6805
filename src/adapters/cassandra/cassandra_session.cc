#include "adapters/cassandra/cassandra_session.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

namespace lernd {

using namespace cassandra;

namespace {

/// Jobs make their statements of a fixed number of parts; this only bounds what a mistake could cost.
constexpr std::size_t kPreparedMax = 4096;

/// `host:port` of a contact point. More than one colon without brackets is an IPv6 address without a port.
std::string with_port(const std::string& host, int port) {
  const bool bare_ipv6 = std::ranges::count(host, ':') > 1 && !host.starts_with('[');
  if (bare_ipv6) return fmt::format("[{}]:{}", host, port);
  const bool has_port = host.starts_with('[') ? host.find("]:") != std::string::npos : host.find(':') != std::string::npos;
  return has_port ? host : fmt::format("{}:{}", host, port);
}

std::uint32_t milliseconds(std::chrono::milliseconds time) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time.count(), 1, std::numeric_limits<std::int32_t>::max()));
}

std::uint32_t at_least_one(int number) { return static_cast<std::uint32_t>(std::max(number, 1)); }

lernd_cql_options driver_options(const CassandraOptions& options, std::span<const lernd_cql_text> hosts) {
  lernd_cql_options out{};
  out.hosts = hosts.data();
  out.host_count = hosts.size();
  out.user = text_of(options.user);
  out.password = text_of(options.password);
  out.consistency = text_of(options.consistency);
  out.local_datacenter = text_of(options.local_datacenter);
  out.contact_point_datacenter = options.prefer_local_datacenter;
  out.tls = options.tls;
  out.tls_verify_host = options.tls_verify_host;
  out.tls_ca_file = text_of(options.tls_ca_file);
  out.tls_cert_file = text_of(options.tls_cert_file);
  out.tls_key_file = text_of(options.tls_key_file);
  out.connect_timeout_ms = milliseconds(options.connect_timeout);
  out.request_timeout_ms = milliseconds(options.request_timeout);
  out.requests_in_flight_max = at_least_one(options.requests_in_flight_max);
  out.page_rows = at_least_one(options.page_rows);
  out.io_threads = at_least_one(options.io_threads);
  return out;
}

}  // namespace

Result<CqlShape> cassandra::shape_of(const lernd_cql_shape& shape) {
  CqlShape out;
  for (const lernd_cql_column& column : std::span(shape.columns, shape.column_count)) {
    Result<CqlType> type = parse_cql_type(view_of(column.type));
    if (!type) return std::unexpected(std::move(type.error()));
    out.names.emplace_back(view_of(column.name));
    out.types.push_back(std::move(*type));
  }
  return out;
}

Result<std::shared_ptr<CassandraSession>> connect_cassandra(const CassandraOptions& options) {
  if (options.hosts.empty() || std::ranges::any_of(options.hosts, &std::string::empty)) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, "option lms-cassandra.host: no contact point");
  }
  if (options.tls && options.tls_cert_file.empty() != options.tls_key_file.empty()) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, "options lernd.cassandra.tls_cert_file, lernd.cassandra.tls_key_file: both or none");
  }
  std::vector<std::string> servers;
  for (const std::string& host : options.hosts) servers.push_back(with_port(host, options.port));
  std::vector<lernd_cql_text> hosts;
  for (const std::string& server : servers) hosts.push_back(text_of(server));
  std::string names = fmt::format("{}", fmt::join(servers, ", "));

  const lernd_cql_options out = driver_options(options, hosts);
  lernd_cql_failure* failure = nullptr;
  DriverOwned<lernd_cql_session> session(lernd_cql_connect(&out, &failure));
  if (!session) {
    const DriverOwned<lernd_cql_failure> owned(failure);
    return std::unexpected(error_of(failure_of(*failure), {.kind = Deed::Kind::connect, .servers = names}));
  }
  return std::make_shared<CassandraSession>(std::move(session), std::move(names));
}

std::shared_ptr<const PreparedCql> CassandraSession::known(std::string_view text) {
  const std::shared_lock lock(mutex_);
  const auto known = prepared_.find(text);
  return known == prepared_.end() ? nullptr : known->second;
}

Result<std::shared_ptr<const PreparedCql>> CassandraSession::prepare(std::string_view text, const TableName& table) {
  // Without the lock: two threads may prepare the same statement, which costs a request and does no harm.
  lernd_cql_failure* failure = nullptr;
  DriverOwned<lernd_cql_prepared> handle(lernd_cql_prepare(session_.get(), text_of(text), &failure));
  if (!handle) {
    const DriverOwned<lernd_cql_failure> owned(failure);
    return std::unexpected(error_of_failure(*failure, Deed::Kind::define, table));
  }
  Result<CqlShape> bind_markers = shape_of(*lernd_cql_bind_markers(handle.get()));
  if (!bind_markers) return std::unexpected(std::move(bind_markers.error()));
  auto prepared = std::make_shared<const PreparedCql>(std::string(text), std::move(handle), std::move(*bind_markers));
  const std::lock_guard lock(mutex_);
  if (prepared_.size() >= kPreparedMax) prepared_.clear();
  prepared_.insert_or_assign(std::string(text), prepared);
  return prepared;
}

DriverOwned<lernd_cql_answers> CassandraSession::execute(std::span<const lernd_cql_request> requests) {
  return DriverOwned<lernd_cql_answers>(lernd_cql_execute(session_.get(), requests.data(), requests.size()));
}

DriverOwned<lernd_cql_answers> CassandraSession::execute_page(const lernd_cql_statement& statement, std::string_view from) {
  const lernd_cql_position position{reinterpret_cast<const std::uint8_t*>(from.data()), from.size()};
  return DriverOwned<lernd_cql_answers>(lernd_cql_execute_page(session_.get(), &statement, position));
}

Result<void> CassandraSession::change_schema(std::string_view text, const TableName& table) {
  const DriverOwned<lernd_cql_failure> failure(lernd_cql_change_schema(session_.get(), text_of(text)));
  {
    const std::lock_guard lock(mutex_);
    prepared_.clear();
  }
  if (failure) return std::unexpected(error_of_failure(*failure, Deed::Kind::define, table));
  return {};
}

Error CassandraSession::error_of_request(const lernd_cql_failure& failure, const TableName& table) const {
  return error_of_failure(failure, Deed::Kind::execute, table);
}

Error CassandraSession::error_of_failure(const lernd_cql_failure& failure, Deed::Kind deed, const TableName& table) const {
  return error_of(failure_of(failure), {.kind = deed, .servers = servers_, .table = table.text()});
}

void CassandraSession::forget(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (const auto known = prepared_.find(text); known != prepared_.end()) prepared_.erase(known);
}

}  // namespace lernd
