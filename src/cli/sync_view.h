#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "sync/run.h"

namespace lernd {

/// Shows the progress of `lernd sync` on standard error: a bar that is drawn over several times a second, or a line after a block, at most one a second. Other
/// lines for the person go through here too, so that they do not run into the bar.
///
/// Threads: any.
class SyncView final : public sync::ProgressSink {
 public:
  enum class Form : std::uint8_t { bar, lines, none };
  explicit SyncView(Form form) : form_(form) {}
  ~SyncView() override { end(); }

  void begin(std::function<sync::Progress()> look) override;
  void moved() override;
  void end() override;

  /// A line of its own.
  void say(const std::string& text);

 private:
  void draw_until(const std::stop_token& stop);
  void clear_bar();

  const Form form_;
  std::mutex mutex_;  ///< guards all below
  std::function<sync::Progress()> look_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point line_due_{};
  std::jthread ticker_;
};

/// The form of the parameter `sunbird_sync_progress`.
SyncView::Form sync_view_form(const std::string& name);

}  // namespace lernd
