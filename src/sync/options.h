#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "sync/arguments.h"
#include "sync/object_type.h"

namespace lernd::sync {

enum class Resume : std::uint8_t { automatic, never, require };

/// What the program is asked to do, checked. Names and meanings: parameters.cc.
struct Options {
  ObjectType type;
  std::string id_file;  ///< empty: the table is scanned
  std::string keyspace;
  std::string table;
  std::string column;
  bool verify = false;  ///< operation type `sync`
  bool dry_run = false;

  std::string endpoint;
  std::string api_key;
  std::string ca_file;
  bool insecure = false;
  std::chrono::milliseconds connect_timeout{};
  std::chrono::milliseconds request_timeout{};

  std::int64_t block_size = 0;
  std::chrono::milliseconds pause{};
  int concurrency = 1;
  std::int64_t requests_per_hour_max = 0;
  std::size_t body_bytes_max = 0;

  int retry_max = 0;
  std::chrono::milliseconds retry_base{};
  std::chrono::milliseconds retry_cap{};
  std::chrono::milliseconds throttle_wait_max{};
  int failed_blocks_max = 0;
  bool continue_on_fatal = false;

  std::size_t id_column = 1;  ///< counted from 1
  std::string id_pattern;
  bool dedupe = true;

  struct Cassandra {
    std::vector<std::string> hosts;
    int port = 0;
    std::string user;
    std::string password;
    int page_rows = 0;
    int concurrency = 0;
    int ranges = 0;
    std::string consistency;
    std::chrono::milliseconds timeout{};
    bool tls = false;
    std::string tls_ca_file;
  } cassandra;

  std::string log_dir;
  Resume resume = Resume::automatic;
  std::string checkpoint_file;  ///< empty: by fingerprint
  std::string progress;

  /// Where the ids come from, as the report has it: the file, or keyspace.table.column.
  std::string source() const;
};

/// The options, and everything that is wrong or odd about them. With a fault the options are not to be used.
struct Resolved {
  Options options;
  std::vector<std::string> faults;
  std::vector<std::string> warnings;
};

/// A small file that holds a secret: its bytes, and whether others may read it.
struct SecretFile {
  std::string text;
  bool open_to_others = false;
};

/// Checks all parameters. `layers` come in the order of their strength: a later one wins. `read_secret` reads the file of a `_file` parameter.
/// No text holds the value of a secret. Source: sync.md section 2.
Resolved resolve(std::span<const Settings> layers, const std::function<Result<SecretFile>(const std::string& path)>& read_secret);

}  // namespace lernd::sync
