#include "adapters/cassandra/cassandra_error.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>

#include "adapters/cassandra/driver/driver.h"

namespace lernd::cassandra {
namespace {

/// Error codes of the CQL binary protocol v4, section 9, and of later versions.
enum CqlCode : std::int32_t {
  kServerError = 0x0000,
  kProtocolError = 0x000A,
  kUnavailable = 0x1000,
  kOverloaded = 0x1001,
  kBootstrapping = 0x1002,
  kWriteTimeout = 0x1100,
  kReadTimeout = 0x1200,
  kFunctionFailure = 0x1400,
  kCasWriteUnknown = 0x1700,
  kSyntaxError = 0x2000,
  kUnauthorized = 0x2100,
  kInvalid = 0x2200,
  kConfigError = 0x2300,
  kAlreadyExists = 0x2400,
};

bool says_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::ranges::any_of(words, [&](std::string_view word) { return !std::ranges::search(text, word, same).empty() || word.empty(); });
}

/// The server could not look the user up, which passes; it did not say no.
bool could_not_check(std::string_view text) { return says_one_of(text, {"unable to perform", "error during authentication", "cannot achieve consistency"}); }

/// Complaints of Cassandra about names and types in a statement, among those about values.
bool is_about_schema(std::string_view text) {
  return says_one_of(text, {"unconfigured table", "undefined column", "undefined name", "unknown identifier", "does not exist", "doesn't exist", "unknown type",
                            "data filtering", "or 0 byte", "primary key"});
}

std::string of_table(const Deed& deed) { return deed.table.empty() ? std::string() : fmt::format(" of table {}", deed.table); }

Error schema_mismatch(std::string_view what, const Deed& deed) {
  return {Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("table {}: {}; run `lernd validate` to see what is missing", deed.table, what)};
}

Error rejected(std::string_view what, const Deed& deed) {
  return {Treatment::reject, ErrorCode::malformed_record, fmt::format("Cassandra refused a write or query{}: {}", of_table(deed), what)};
}

Error unavailable(std::string_view what, const Deed& deed) {
  // Who has no connection yet may have meant another port, or a server that wants TLS.
  const std::string_view options = deed.kind == Deed::Kind::connect ? ", lms-cassandra.port, lernd.cassandra.tls" : "";
  return {Treatment::retry, ErrorCode::unavailable, fmt::format("Cassandra at {}: {} (options lms-cassandra.host{})", deed.servers, what, options)};
}

Error timed_out(std::string_view what, const Deed& deed) {
  return {Treatment::retry, ErrorCode::timed_out, fmt::format("Cassandra at {}: {}", deed.servers, what)};
}

Error unauthenticated(std::string_view what, const Deed& deed) {
  if (could_not_check(what)) return unavailable("the server cannot check the user now", deed);
  return {Treatment::fatal, ErrorCode::unauthorized,
          fmt::format("Cassandra at {} refused the user or password, or wants one: options lernd.cassandra.user, lernd.cassandra.password", deed.servers)};
}

Error unauthorized(std::string_view what, const Deed& deed) {
  if (could_not_check(what)) return unavailable("the server cannot check the permissions now", deed);
  return {Treatment::fatal, ErrorCode::unauthorized,
          fmt::format("the Cassandra user has no permission for table {}: grant it, or change option lernd.cassandra.user", deed.table)};
}

/// The server found the request itself wrong. While a statement is defined only names and types can be; later, nearly always a value.
Error invalid(std::string_view text, const Deed& deed) {
  if (deed.kind == Deed::Kind::define) return schema_mismatch(text, deed);
  if (says_one_of(text, {"key may not be empty", "partition key part"})) return rejected("the partition key is empty", deed);
  if (says_one_of(text, {"invalid null value"})) return rejected("a key column is null", deed);
  if (says_one_of(text, {"longer than maximum", "too long"})) return rejected("a key is longer than 65535 bytes", deed);
  if (says_one_of(text, {"batch too large"}))
    return rejected("the rows of a group are more than the server's batch_size_fail_threshold allows; lower option threshold.batch.write.size", deed);
  if (says_one_of(text, {"too big", "oversized mutation"})) return rejected("it is larger than the server takes", deed);
  if (says_one_of(text, {"didn't validate"})) return rejected("a text is not valid UTF-8", deed);
  if (is_about_schema(text)) return schema_mismatch("a name or type is not what it was when the statement was prepared", deed);
  return rejected("a value is not valid there", deed);
}

/// What the server says with an error code of its own.
Error answered(const DriverFailure& failure, const Deed& deed) {
  switch (failure.code) {
    case kServerError:
      return unavailable("internal error of the server; its log has the reason", deed);
    case kWriteTimeout:
    case kReadTimeout:
    case kCasWriteUnknown:
      return timed_out("too few replicas answered in time", deed);
    case kUnavailable:
      return unavailable("too few replicas are up for LOCAL_QUORUM", deed);
    case kOverloaded:
      return unavailable("the server is overloaded", deed);
    case kBootstrapping:
      return unavailable("the server is still starting", deed);
    case kUnauthorized:
      return unauthorized(failure.text, deed);
    case kInvalid:
      return invalid(failure.text, deed);
    case kConfigError:
    case kAlreadyExists:
    case kFunctionFailure:
      return schema_mismatch("the server's schema does not allow it", deed);
    case kSyntaxError:
    case kProtocolError:
      return {Treatment::fatal, ErrorCode::internal, fmt::format("Cassandra at {} did not understand a request{}", deed.servers, of_table(deed))};
    default:
      return unavailable(fmt::format("the server failed with CQL error 0x{:04x}", failure.code), deed);
  }
}

Error misconfigured(const DriverFailure& failure) {
  const auto option = [&]() -> std::string_view {
    switch (failure.code) {
      case lernd_cql_option_tls_ca_file:
        return "lernd.cassandra.tls_ca_file";
      case lernd_cql_option_tls_cert_file:
        return "lernd.cassandra.tls_cert_file";
      case lernd_cql_option_tls_key_file:
        return "lernd.cassandra.tls_key_file";
      case lernd_cql_option_local_datacenter:
        return "lernd.cassandra.local_datacenter";
      default:
        return "lms-cassandra";
    }
  }();
  return {Treatment::fatal, ErrorCode::invalid_option, fmt::format("option {}: {}", option, failure.text)};
}

}  // namespace

Error error_of(const DriverFailure& failure, const Deed& deed) {
  switch (failure.kind) {
    case lernd_cql_answered:
      return answered(failure, deed);
    case lernd_cql_timed_out:
      return timed_out("no answer in time", deed);
    case lernd_cql_unreachable:
      return unavailable(failure.text, deed);
    case lernd_cql_unauthenticated:
      return unauthenticated(failure.text, deed);
    case lernd_cql_untrusted:
      return {Treatment::fatal, ErrorCode::unauthorized,
              fmt::format("Cassandra at {}: TLS handshake failed: {} (options lernd.cassandra.tls, lernd.cassandra.tls_ca_file, lernd.cassandra.tls_cert_file)",
                          deed.servers, failure.text)};
    case lernd_cql_misconfigured:
      return misconfigured(failure);
    case lernd_cql_unfit:
      return rejected(failure.text, deed);
    case lernd_cql_schema_changed:
      return schema_mismatch("a column has another type than when the statement was prepared", deed);
    default:
      return {Treatment::fatal, ErrorCode::internal, fmt::format("fault in the Cassandra driver{}: {}", of_table(deed), failure.text)};
  }
}

}  // namespace lernd::cassandra
