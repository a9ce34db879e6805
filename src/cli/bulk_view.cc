#include "cli/bulk_view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace lernd {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::chrono::milliseconds kDrawEvery{200};
constexpr std::chrono::seconds kLineEvery{1};

}  // namespace

void BulkView::begin(std::function<bulk::Progress()> look) {
  const std::scoped_lock lock(mutex_);
  look_ = std::move(look);
  line_due_ = {};
  if (form_ == Form::bar) ticker_ = std::jthread([this](const std::stop_token& stop) { draw_until(stop); });
}

void BulkView::draw_until(const std::stop_token& stop) {
  std::mutex unshared;
  std::condition_variable_any tick;
  while (!stop.stop_requested()) {
    {
      const std::scoped_lock lock(mutex_);
      fmt::print(stderr, "\r\033[K{}", bulk::progress_text(look_(), kBarWidth));
      std::fflush(stderr);
      drawn_ = true;
    }
    std::unique_lock lock(unshared);
    tick.wait_for(lock, stop, kDrawEvery, [] { return false; });
  }
}

void BulkView::moved() {
  if (form_ != Form::lines) return;
  const std::scoped_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!look_ || now < line_due_) return;
  line_due_ = now + kLineEvery;
  fmt::print(stderr, "{}\n", bulk::progress_text(look_(), 0));
}

void BulkView::end() {
  if (ticker_.joinable()) {
    ticker_.request_stop();
    ticker_.join();
  }
  const std::scoped_lock lock(mutex_);
  if (!look_) return;
  clear_bar();
  if (form_ != Form::none) fmt::print(stderr, "{}\n", bulk::progress_text(look_(), form_ == Form::bar ? kBarWidth : 0));
  look_ = nullptr;
}

void BulkView::say(const std::string& text) {
  const std::scoped_lock lock(mutex_);
  clear_bar();
  fmt::print(stderr, "lernd {}: {}\n", command_, text);
}

void BulkView::clear_bar() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\033[K");
  drawn_ = false;
}

BulkView::Form bulk_view_form(const std::string& name) {
  if (name == "bar") return BulkView::Form::bar;
  if (name == "lines") return BulkView::Form::lines;
  if (name == "none") return BulkView::Form::none;
  return ::isatty(STDERR_FILENO) == 1 ? BulkView::Form::bar : BulkView::Form::lines;
}

}  // namespace lernd
