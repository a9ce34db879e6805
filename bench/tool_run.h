#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "instant_service.h"

namespace lernd {

/// What one run of a command of `lernd` took.
struct ToolRun {
  double seconds = 0;
  double start_to_first = 0;  ///< until its first request, in seconds
  double cpu_s = 0;           ///< user and system time
  double memory_mib = 0;      ///< the most resident memory
  std::int64_t requests = 0;
};

/// Runs a program to its end; `service` is what it calls. std::runtime_error when it ends with another code than 0.
ToolRun run_tool(InstantService& service, std::vector<std::string> words);

/// Calls a second of a bare curl-multi loop with so many at once: the limit. `prepare` sets a call up, by its number; its answer is dropped.
double curl_calls_per_s(int in_flight, std::int64_t calls, const std::function<void(CURL*, std::int64_t)>& prepare);

}  // namespace lernd
