#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "bulk/pace.h"
#include "bulk/progress.h"
#include "core/error.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "ports/table_scan.h"
#include "sync/options.h"
#include "sync/report.h"

namespace lernd::sync {

/// What a run needs from outside.
struct World {
  Clock& clock;  ///< may be called from any thread
  bulk::Waiter& waiter;
  std::function<std::unique_ptr<HttpClient>()> make_client;       ///< one for each worker; from any thread
  std::function<Result<std::unique_ptr<TableScan>>()> open_scan;  ///< connects to the database
  std::function<void(const std::string&)> warn;                   ///< a line for the person; from any thread
  bulk::ProgressSink& progress;
  std::stop_token stop;
  std::function<int()> stop_exit_code;  ///< of an interrupted run: 130 or 143
};

/// How a run ended. Without a report nothing was sent and the exit code is 2.
struct Ended {
  int exit_code = 0;
  std::string message;  ///< why it did not run to its end; empty when it did
  std::optional<Report> report;
};

/// Reads the ids, sends them, and leaves logs, report and, where something is left to do, the checkpoint. Source: sync.md.
Ended run(const Options& options, const World& world);

}  // namespace lernd::sync
