#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>

namespace lernd {

/// A copy of this process that does `body`, tells what it has to tell, and then waits to be killed. Fork before a database is opened: a connection must not
/// cross over.
class ForkedChild {
 public:
  using Tell = std::function<void(const std::string&)>;

  explicit ForkedChild(const std::function<void(const Tell&)>& body) {
    int pipe[2];
    if (::pipe(pipe) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("no child process");
    told_ = pipe[0];
    if (process_ > 0) {
      ::close(pipe[1]);
      return;
    }
    ::close(pipe[0]);
    body([&](const std::string& text) {
      if (::write(pipe[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) ::_exit(1);
    });
    ::close(pipe[1]);
    for (;;) ::pause();
  }
  ForkedChild(const ForkedChild&) = delete;
  ForkedChild& operator=(const ForkedChild&) = delete;
  ~ForkedChild() {
    kill();
    reap();
    ::close(told_);
  }

  /// Waits until it has told at least one byte, or until it is done. Returns what was told.
  std::string wait_for_word() {
    char buffer[4096];
    const ssize_t size = ::read(told_, buffer, sizeof buffer);
    return size > 0 ? std::string(buffer, static_cast<std::size_t>(size)) : std::string();
  }
  /// Waits until its work is done. Returns everything that was told.
  std::string wait_until_done() {
    std::string all;
    for (std::string part = wait_for_word(); !part.empty(); part = wait_for_word()) all += part;
    return all;
  }

  /// SIGKILL; returns when it has ended, though its entry in the table of processes stays until `reap`.
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOWAIT);
  }
  void reap() {
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

 private:
  pid_t process_ = -1;
  int told_ = -1;
};

}  // namespace lernd
