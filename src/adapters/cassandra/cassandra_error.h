#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"

namespace lernd::cassandra {

/// A failure as the driver reports it; `kind`, `code` and `text` as in driver/driver.h.
struct DriverFailure {
  int kind = 0;
  std::int32_t code = 0;
  std::string_view text;
};

/// What was being done when it failed.
struct Deed {
  enum class Kind {
    connect,
    define,   ///< a statement was prepared, or the schema changed: the text of the server can name only names
    execute,  ///< values were bound: the text of the server may quote keys and is kept out of messages
  };
  Kind kind = Kind::execute;
  std::string servers;  ///< contact points, for messages
  std::string table;    ///< `keyspace.table`, for messages; empty when there is none
};

/// The treatment of a failure, with a text for the operator that names the option or command to mend it and holds no bound value.
Error error_of(const DriverFailure& failure, const Deed& deed);

}  // namespace lernd::cassandra
