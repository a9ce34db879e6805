#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "bulk/progress.h"

namespace lernd {

/// Shows the progress of a bulk command on standard error: a bar that is drawn over several times a second, or a line after a block, at most one a second.
/// Other lines for the person go through here too, so that they do not run into the bar.
///
/// Threads: any.
class BulkView final : public bulk::ProgressSink {
 public:
  enum class Form : std::uint8_t { bar, lines, none };
  /// `command` stands before every line of its own: `sync`.
  BulkView(std::string command, Form form) : command_(std::move(command)), form_(form) {}
  ~BulkView() override { end(); }

  void begin(std::function<bulk::Progress()> look) override;
  void moved() override;
  void end() override;

  /// A line of its own.
  void say(const std::string& text);

 private:
  void draw_until(const std::stop_token& stop);
  void clear_bar();

  const std::string command_;
  const Form form_;
  std::mutex mutex_;  ///< guards all below
  std::function<bulk::Progress()> look_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point line_due_{};
  std::jthread ticker_;
};

/// The form by its name; `auto` is a bar on a terminal, and lines elsewhere.
BulkView::Form bulk_view_form(const std::string& name);

}  // namespace lernd
