#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/http/stub_server.h"

namespace lernd::sync {

/// The Sync API of a test: answers by the stubs of a case, and remembers every call.
class StubApi {
 public:
  /// `on_call` gets the number of each call, from 1, before it is answered.
  explicit StubApi(std::function<void(std::size_t)> on_call = {});

  /// Takes the `http` section of a case; counters start afresh.
  void play(const nlohmann::json& stubs);
  /// Answers by a function instead.
  void play(std::function<StubReply(const StubRequest&)> answer);
  void on_call(std::function<void(std::size_t)> on_call);

  std::vector<StubRequest> calls() const;
  /// The calls since the last `take_calls`.
  std::vector<StubRequest> take_calls();
  std::string url() const;

 private:
  struct Stub {
    nlohmann::json rule;
    int used = 0;
  };
  StubReply answer(const StubRequest& request);
  StubReply answer_by_stubs(const StubRequest& request);

  mutable std::mutex mutex_;  ///< guards all below but `server_`
  std::vector<Stub> stubs_;
  std::function<StubReply(const StubRequest&)> answer_;
  std::function<void(std::size_t)> on_call_;
  std::vector<StubRequest> calls_;
  std::unique_ptr<StubServer> server_;
};

/// The answer of the API to a block that it accepts.
inline constexpr const char* kAccepted = R"({"params":{"status":"SUCCESS"},"responseCode":"OK","result":{"response":"SUCCESS"}})";

/// The ids of a request, those of objects as JSON.
std::vector<std::string> ids_of(const StubRequest& request);

/// Whether `part` is contained in `whole`: objects as subsets, all else exactly.
bool contains_json(const nlohmann::json& whole, const nlohmann::json& part);

/// The value of a header; null when it is absent.
const std::string* header_of(const StubRequest& request, const std::string& name);

}  // namespace lernd::sync
