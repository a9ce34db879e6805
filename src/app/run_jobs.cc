#include "app/run_jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <thread>

#include "adapters/observe/admin_server.h"
#include "app/job_runner.h"
#include "app/system_clock.h"

namespace lernd {
namespace {

constexpr std::chrono::milliseconds kLookEvery{200};
constexpr std::chrono::minutes kStallLineEvery{1};

class Run {
 public:
  Run(std::span<const JobSetup> setups, const RunRequest& request, PrometheusMetrics& metrics, Log& log)
      : setups_(setups), request_(request), metrics_(metrics), log_(log), clock_(make_system_clock()) {
    for (const auto& setup : setups) {
      metrics.declare(setup.job->name, setup.job->counters);
      runners_.push_back(std::make_unique<JobRunner>(setup, JobRunner::Parts{*clock_, metrics, log}, request.until_end));
    }
  }

  RunReport run(std::stop_token stop) {
    if (auto fault = start_admin()) return misconfigured({std::move(*fault)});
    Faults faults;
    for (auto& runner : runners_) {
      for (auto& fault : runner->check().faults) faults.push_back(std::move(fault));
    }
    if (!faults.empty()) return misconfigured(std::move(faults));
    // A stop from outside, or because of one job, stops all.
    const std::stop_callback forward(stop, [this] { stop_all_.request_stop(); });
    work();
    return std::move(report_);
  }

 private:
  RunReport misconfigured(Faults faults) {
    report_.end = RunEnd::misconfigured;
    report_.faults = std::move(faults);
    return std::move(report_);
  }

  void work() {
    std::vector<std::jthread> threads;
    std::size_t running = runners_.size();
    for (auto& runner : runners_) {
      threads.emplace_back([this, &runner, &running] {
        auto end = runner->run(stop_all_.get_token());
        const std::scoped_lock lock(mutex_);
        note(*runner, std::move(end));
        --running;
        changed_.notify_all();
      });
    }
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kLookEvery, [&running] { return running == 0; })) {
      lock.unlock();
      if (request_.on_progress) request_.on_progress(progress());
      tell_of_stall();
      lock.lock();
    }
    lock.unlock();
    threads.clear();
    if (request_.on_progress) request_.on_progress(progress());
  }

  void note(const JobRunner& runner, JobRunner::End end) {
    if (!end.faults.empty()) {
      report_.end = RunEnd::misconfigured;
      for (auto& fault : end.faults) report_.faults.push_back(std::move(fault));
      stop_all_.request_stop();
    }
    if (!end.error) return;
    if (report_.end == RunEnd::done) report_.end = RunEnd::failed;
    report_.errors.push_back(fmt::format("{}: {}", runner.view().job, end.error->text));
    // Stopped partitions of one job leave the others at work; a fault that nothing mends is for the operator at once.
    if (end.error->treatment == Treatment::fatal) stop_all_.request_stop();
  }

  std::string stalled() const {
    for (const auto& runner : runners_) {
      if (auto why = runner->stalled(); !why.empty()) return why;
    }
    return "";
  }

  void tell_of_stall() {
    const auto now = clock_->steady();
    if (now < stall_line_due_) return;
    const auto why = stalled();
    if (why.empty()) return;
    stall_line_due_ = now + kStallLineEvery;
    log_.write(LogLevel::error, "a worker does not move", {{"fault", why}});
  }

  RunProgress progress() const {
    RunProgress progress;
    for (const auto& runner : runners_) {
      const auto view = runner->view();
      progress.done += view.records_done;
      progress.per_second += view.records_per_second;
      if (const auto waiting = runner->records_at_start()) progress.total = progress.total.value_or(0) + *waiting;
      if (progress.not_ready.empty()) progress.not_ready = runner->not_ready();
    }
    return progress;
  }

  AdminPages pages() {
    return {
        .metrics = [this] { return metrics_.text(); },
        .live =
            [this] {
              auto why = stalled();
              return why.empty() ? std::pair(true, std::string("live")) : std::pair(false, std::move(why));
            },
        .ready =
            [this] {
              for (const auto& runner : runners_) {
                if (auto why = runner->not_ready(); !why.empty()) return std::pair(false, why);
              }
              return std::pair(true, std::string("ready"));
            },
        .jobs_json =
            [this] {
              std::vector<JobView> views;
              for (const auto& runner : runners_) views.push_back(runner->view());
              return jobs_json(views);
            },
    };
  }

  /// Nothing to say when the pages are there, or are not wanted.
  std::optional<Fault> start_admin() {
    const auto& setup = setups_.front();
    const auto& address = setup.values.text("lernd.admin.address");
    if (address == "off") return std::nullopt;
    const auto colon = address.rfind(':');
    int port = -1;
    if (colon != std::string::npos) std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    const std::string host = colon == std::string::npos || colon == 0 ? "127.0.0.1" : address.substr(0, colon);
    auto server = AdminServer::start(host, port, pages());
    if (!server && !setup.where.contains("lernd.admin.address")) {
      // Nobody asked for this port, so another process that has it is no reason not to run.
      log_.write(LogLevel::warning, "the default port of the admin pages is taken; a free one is used", {{"option", "lernd.admin.address"}});
      server = AdminServer::start(host, 0, pages());
    }
    if (!server) return Fault{"", fmt::format("lernd.admin.address = \"{}\": {}", address, server.error().text), "name a free ADDRESS:PORT, port 0 or off"};
    admin_ = std::move(*server);
    report_.admin_address = fmt::format("{}:{}", host, admin_->port());
    log_.write(LogLevel::info, "admin pages", {{"address", "http://" + report_.admin_address}});
    if (request_.on_admin) request_.on_admin(report_.admin_address);
    return std::nullopt;
  }

  const std::span<const JobSetup> setups_;
  const RunRequest& request_;
  PrometheusMetrics& metrics_;
  Log& log_;
  std::unique_ptr<Clock> clock_;
  std::vector<std::unique_ptr<JobRunner>> runners_;
  std::stop_source stop_all_;
  std::chrono::steady_clock::time_point stall_line_due_{};
  std::mutex mutex_;  ///< guards `report_` while runners run, and their number
  std::condition_variable changed_;
  RunReport report_;
  std::unique_ptr<AdminServer> admin_;  ///< last, so that it goes before what its pages show
};

}  // namespace

RunReport run_jobs(std::span<const JobSetup> setups, const RunRequest& request, PrometheusMetrics& metrics, Log& log, std::stop_token stop) {
  return Run(setups, request, metrics, log).run(std::move(stop));
}

}  // namespace lernd
