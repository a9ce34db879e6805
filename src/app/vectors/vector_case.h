#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "adapters/embedded/http_stub.h"
#include "core/error.h"

namespace lernd {

/// A case file: what is there before, the messages, and what must be there afterwards.
///
/// Source: cases/README.md.
struct VectorCase {
  struct Call {
    std::optional<std::string> method, path, query;
    std::optional<nlohmann::json> body;  ///< contained in the body of the call
  };
  using Documents = std::map<std::string, nlohmann::json>;  ///< id → source
  /// A section that is absent is not asserted.
  struct Expected {
    std::optional<std::map<std::string, nlohmann::json>> tables;  ///< `keyspace.table` → rows
    std::optional<std::map<int, nlohmann::json>> redis;           ///< database → keys
    std::optional<std::map<std::string, Documents>> search;       ///< index → documents
    std::optional<std::map<std::string, nlohmann::json>> topics;  ///< option of the topic → events
    std::optional<std::vector<Call>> http;
    std::optional<std::map<std::string, std::uint64_t>> metrics;
    std::vector<std::size_t> failed;
  };

  std::string file;
  std::string name;
  std::string job;
  std::map<std::string, std::string> config;
  std::map<std::string, nlohmann::json> tables;
  std::map<int, nlohmann::json> redis;
  std::map<std::string, Documents> search;  ///< by index
  std::vector<HttpStub> http;
  std::vector<std::string> input;  ///< as they are sent
  Expected expect;
};

/// Reads a case and refuses everything in it that would otherwise be passed over: unknown sections and members, wrong types, unreadable expressions.
///
/// Errors  `fatal`/`invalid_option` with a text that names the member; `fatal`/`not_found` for a file that is not there.
Result<VectorCase> load_vector_case(const std::string& file);
Result<VectorCase> parse_vector_case(const std::string& text, const std::string& file);

}  // namespace lernd
