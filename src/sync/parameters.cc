#include "sync/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/edit_distance.h"

namespace lernd::sync {
namespace {

constexpr std::string_view kWhat = "What is synced";
constexpr std::string_view kApi = "The Sync API";
constexpr std::string_view kPace = "Blocks and pace";
constexpr std::string_view kFaults = "When something fails";
constexpr std::string_view kFile = "Id file";
constexpr std::string_view kCassandra = "Cassandra (only without an id file)";
constexpr std::string_view kRun = "The run itself";

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max() / 1'000'000;  // a number of milliseconds that still fits as nanoseconds
constexpr std::int64_t kInt = std::numeric_limits<std::int32_t>::max();

constexpr std::array kParameters{
    Parameter{"sunbird_sync_object_type", kWhat, Kind::text, "user", "user, organisation (org), location, batch or user_course"},
    Parameter{"sunbird_sync_id_file", kWhat, Kind::path, "", "file with one id a line; `-` reads standard input; empty: the table is scanned"},
    Parameter{"sunbird_cassandra_table", kWhat, Kind::identifier, "", "table that is scanned; empty: by object type"},
    Parameter{"sunbird_sync_operation_type", kWhat, Kind::choice, "", "`sync` waits for the indexing and verifies each id; user, organisation, location only",
              0, 0, "empty sync"},
    Parameter{"dry_run", kWhat, Kind::boolean, "false", "reads and counts the ids, sends nothing"},

    Parameter{"sunbird_sync_api_endpoint", kApi, Kind::url, "http://localhost:9000/v1/data/sync",
              "used as it stands; through the gateway {domain}/api/data/v1/index/sync"},
    Parameter{"sunbird_sync_api_key", kApi, Kind::secret, "", "bearer token of the gateway; empty: none is sent"},
    Parameter{"sunbird_sync_api_key_file", kApi, Kind::path, "", "file that holds the key; used when the key itself is empty"},
    Parameter{"sunbird_sync_ca_file", kApi, Kind::path, "", "PEM file with the certificates to trust; empty: those of the system"},
    Parameter{"sunbird_sync_insecure", kApi, Kind::boolean, "false", "takes any certificate"},
    Parameter{"sunbird_sync_connect_timeout_ms", kApi, Kind::integer, "10000", "longest wait for a connection", 1, kInt},
    Parameter{"sunbird_sync_request_timeout_ms", kApi, Kind::integer, "60000", "longest time of a whole request; the server gives up after 30 s", 1, kInt},

    Parameter{"sunbird_sync_block_size", kPace, Kind::integer, "100", "ids a request; 0 or less: 100", -kAny, kInt},
    Parameter{"sunbird_sync_sleep_time", kPace, Kind::integer, "5000", "pause between requests in ms; 0 or less: block size x 100", -kAny, kAny},
    Parameter{"sunbird_sync_concurrency", kPace, Kind::integer, "1", "requests in flight; each keeps the pause for itself", 1, 64},
    Parameter{"sunbird_sync_requests_per_hour_max", kPace, Kind::integer, "0", "even spacing of all requests; 0: off. The stock gateway allows 5000", 0, kAny},
    Parameter{"sunbird_sync_body_max_bytes", kPace, Kind::integer, "1000000", "larger blocks are cut before they are sent", 1, kInt},

    Parameter{"sunbird_sync_retry_max", kFaults, Kind::integer, "5", "retries after the first attempt of a block", 0, kInt},
    Parameter{"sunbird_sync_retry_base_ms", kFaults, Kind::integer, "1000", "first backoff; it doubles with each retry", 0, kInt},
    Parameter{"sunbird_sync_retry_cap_ms", kFaults, Kind::integer, "60000", "longest backoff", 0, kInt},
    Parameter{"sunbird_sync_throttle_wait_max_ms", kFaults, Kind::integer, "3900000", "total time a block may wait because of status 429", 0, kAny},
    Parameter{"sunbird_sync_failed_blocks_max", kFaults, Kind::integer, "10", "stop after this many failed blocks in a row; 0: never", 0, kInt},
    Parameter{"sunbird_sync_on_fatal", kFaults, Kind::choice, "stop", "what an answer does that would hit every block, such as 401", 0, 0, "stop continue"},

    Parameter{"sunbird_sync_id_column", kFile, Kind::integer, "1", "column of the id file that holds the id", 1, kInt},
    Parameter{"sunbird_sync_id_pattern", kFile, Kind::regex, "", "ids that do not match as a whole are rejected (RE2 syntax)"},
    Parameter{"sunbird_sync_dedupe", kFile, Kind::boolean, "true", "drops repeated ids"},

    Parameter{"sunbird_cassandra_server", kCassandra, Kind::text, "localhost", "contact points, separated by commas: host, host:port or [v6]:port"},
    Parameter{"sunbird_cassandra_port", kCassandra, Kind::integer, "9042", "port of contact points that name none", 1, 65535},
    Parameter{"sunbird_cassandra_username", kCassandra, Kind::text, "", "empty, with an empty password: no authentication"},
    Parameter{"sunbird_cassandra_password", kCassandra, Kind::secret, "", "password of that user"},
    Parameter{"sunbird_cassandra_password_file", kCassandra, Kind::path, "", "file that holds the password; used when the password itself is empty"},
    Parameter{"sunbird_cassandra_keyspace", kCassandra, Kind::identifier, "", "keyspace of the table; empty: by object type"},
    Parameter{"sunbird_cassandra_column", kCassandra, Kind::identifier, "", "column that holds the id; empty: by object type"},
    Parameter{"sunbird_cassandra_page_size", kCassandra, Kind::integer, "5000", "rows a page", 1, kInt},
    Parameter{"sunbird_cassandra_scan_concurrency", kCassandra, Kind::integer, "4", "token ranges read at once", 1, 256},
    Parameter{"sunbird_cassandra_scan_ranges", kCassandra, Kind::integer, "64", "token ranges the ring is cut into; 1: one paged query", 1, 1'000'000},
    Parameter{"sunbird_cassandra_consistency", kCassandra, Kind::choice, "LOCAL_QUORUM", "consistency of the scan", 0, 0,
              "LOCAL_QUORUM ONE TWO THREE QUORUM ALL LOCAL_ONE EACH_QUORUM"},
    Parameter{"sunbird_cassandra_timeout_ms", kCassandra, Kind::integer, "12000", "longest wait for a page", 1, kInt},
    Parameter{"sunbird_cassandra_ssl", kCassandra, Kind::boolean, "false", "encrypts the connections"},
    Parameter{"sunbird_cassandra_ca_file", kCassandra, Kind::path, "", "PEM file with the certificates to trust; empty: those of the system"},

    Parameter{"sunbird_sync_log_dir", kRun, Kind::path, ".", "folder of all files this program writes; made when missing"},
    Parameter{"sunbird_sync_resume", kRun, Kind::choice, "auto", "`never` sends all ids again, `require` fails without a checkpoint", 0, 0,
              "auto never require"},
    Parameter{"sunbird_sync_checkpoint_file", kRun, Kind::path, "", "empty: SyncCheckpoint_<fingerprint>.json in the folder of the logs"},
    Parameter{"sunbird_sync_progress", kRun, Kind::choice, "auto", "`auto` is a bar on a terminal, lines elsewhere", 0, 0, "auto bar lines none"},
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string values_of(const Parameter& parameter) {
  switch (parameter.kind) {
    case Kind::text:
      return "text";
    case Kind::secret:
      return "secret";
    case Kind::identifier:
      return "name";
    case Kind::url:
      return "URL";
    case Kind::path:
      return "path";
    case Kind::integer:
      return parameter.most >= kInt ? (parameter.least >= 0 ? fmt::format("{} or more", parameter.least) : "number")
                                    : fmt::format("{} to {}", parameter.least, parameter.most);
    case Kind::boolean:
      return "true, false";
    case Kind::choice: {
      std::string text;
      for (const char c : parameter.choices) text += c == ' ' ? std::string(", ") : std::string(1, c);
      return text;
    }
    case Kind::regex:
      return "regular expression";
  }
  return "";
}

}  // namespace

std::span<const Parameter> parameters() { return kParameters; }

const Parameter* find_parameter(std::string_view name) {
  const auto found = std::ranges::find(kParameters, name, &Parameter::name);
  return found == kParameters.end() ? nullptr : &*found;
}

std::string_view nearest_parameter(std::string_view name) {
  constexpr std::size_t kLongest = 100;  // no name is near to a text that is longer
  if (name.size() > kLongest) return {};
  const std::string wanted = lower(name);
  const auto nearest = std::ranges::min_element(kParameters, {}, [&](const Parameter& p) { return edit_distance(wanted, p.name); });
  return edit_distance(wanted, nearest->name) <= std::max<std::size_t>(3, wanted.size() / 3) ? nearest->name : std::string_view();
}

std::string environment_name(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

std::string parameters_markdown() {
  std::string text;
  std::string_view group;
  for (const Parameter& parameter : kParameters) {
    if (parameter.group != group) {
      group = parameter.group;
      text += fmt::format("\n### {}\n\n| parameter | default | values | |\n|---|---|---|---|\n", group);
    }
    text += fmt::format("| `{}` | {} | {} | {} |\n", parameter.name, parameter.value.empty() ? "" : fmt::format("`{}`", parameter.value), values_of(parameter),
                        parameter.meaning);
  }
  return text;
}

}  // namespace lernd::sync
