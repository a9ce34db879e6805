#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.h"

namespace lernd {

/// Longer than anything here takes on a busy machine.
inline constexpr std::chrono::seconds kLimit{60};

/// Runs `lernd` with these words to its end.
Finished lernd(std::vector<std::string> words, std::chrono::milliseconds limit = kLimit);

/// Looks every few milliseconds until the condition holds; false when `limit` passed without it.
bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds limit = kLimit);

/// The lines of a text that hold this part.
std::vector<std::string> lines_with(const std::string& text, std::string_view part);

/// The admin pages of a `lernd run … --http 127.0.0.1:0`.
class AdminClient {
 public:
  /// Waits for the line that tells the port. `process` outlives the client. Errors: std::runtime_error with what the process wrote.
  explicit AdminClient(Process& process);

  struct Answer {
    int status = 0;  ///< 0: no answer
    std::string type;
    std::string body;
  };
  Answer get(const std::string& path) const;
  /// The one job of `/jobs`; null without an answer.
  nlohmann::json job() const;
  /// `records_done` of that job; 0 without an answer.
  int records_done() const;
  int port() const { return port_; }

 private:
  int port_;
};

}  // namespace lernd
