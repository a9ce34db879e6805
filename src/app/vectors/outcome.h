#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "adapters/embedded/http_stub.h"
#include "app/vectors/matcher.h"
#include "app/vectors/vector_case.h"

namespace lernd {

/// What was there after the messages of a case, as far as the case asserts it. Names are those of the case.
struct VectorOutcome {
  struct Table {
    std::vector<std::string> key;
    std::set<std::string> sets;        ///< columns in which order does not count
    std::vector<nlohmann::json> rows;  ///< objects without null members
  };
  std::map<std::string, Table> tables;
  std::map<int, nlohmann::json> redis;  ///< key → text, list of members or object of fields
  std::map<std::string, VectorCase::Documents> search;
  std::map<std::string, std::vector<nlohmann::json>> topics;
  std::vector<HttpCall> calls;
  std::map<std::string, std::uint64_t> metrics;
  std::set<std::size_t> failed;
};

/// Everything that differs. A section that the case leaves out is not looked at.
Differences compare_outcome(const VectorCase::Expected& expected, const VectorOutcome& outcome, const Matcher& matcher);

}  // namespace lernd
