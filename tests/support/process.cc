#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace lernd {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kOutputInterval{10};

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }

  int number() const { return number_; }

 private:
  int number_;
};

/// The result of a system call that must not fail.
int checked(int result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

Descriptor output(const std::filesystem::path& file) {
  if (file.empty()) return Descriptor(checked(memfd_create("output", MFD_CLOEXEC), "memfd_create"));
  return Descriptor(checked(open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644), file.string()));
}

std::string content(const Descriptor& file) {
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = pread(file.number(), buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0) text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!command.environment.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all(texts.size() + 1, nullptr);
  std::ranges::transform(texts, all.begin(), [](std::string& text) { return text.data(); });
  return all;
}

/// What the child needs between fork and exec. All is made before the fork, since another thread may hold the allocator's lock then.
struct Launch {
  char** words;
  char** environment;
  const char* directory;
  int in;
  int out;
  int err;
  int failure;
  pid_t parent;

  [[noreturn]] void become() const {
    if (prepare()) execvpe(words[0], words, environment);
    const int error = errno;
    [[maybe_unused]] const ssize_t written = write(failure, &error, sizeof error);
    _exit(127);
  }

 private:
  bool prepare() const {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
    if (getppid() != parent) _exit(127);  // it died before prctl, and its death will not be signalled again
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0) return false;
    return *directory == '\0' || chdir(directory) == 0;
  }
};

/// Waits until the process behind `handle` has ended; false when `limit` passed before.
bool ended(const Descriptor& handle, milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  pollfd end{handle.number(), POLLIN, 0};
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    const int result = poll(&end, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 0)));
    if (result >= 0 || errno != EINTR) return result > 0;
  }
}

}  // namespace

struct Process::Child {
  pid_t pid = 0;
  Descriptor handle;
  Descriptor out;
  Descriptor err;
  std::optional<int> code;

  /// Takes the exit code of a process that has ended. Until then its pid cannot be given to another one.
  void reap() {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
};

Process::Process(const Command& command) : child_(std::make_unique<Child>()) {
  child_->out = output(command.out_file);
  child_->err = output(command.err_file);
  const Descriptor nothing(checked(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
  int ends[2];
  checked(pipe2(ends, O_CLOEXEC), "pipe2");
  const Descriptor failure(ends[0]);

  std::vector<std::string> words = command.words;
  std::vector<std::string> environment = environment_of(command);
  const std::vector<char*> word_pointers = pointers(words);
  const std::vector<char*> environment_pointers = pointers(environment);
  {
    const Descriptor failure_writer(ends[1]);
    const Launch launch{const_cast<char**>(word_pointers.data()),
                        const_cast<char**>(environment_pointers.data()),
                        command.directory.c_str(),
                        nothing.number(),
                        child_->out.number(),
                        child_->err.number(),
                        failure_writer.number(),
                        getpid()};
    child_->pid = checked(fork(), "fork");
    if (child_->pid == 0) launch.become();
  }
  int error = 0;
  // The pipe closes without a word when exec succeeds.
  if (read(failure.number(), &error, sizeof error) > 0) {
    child_->reap();
    throw std::system_error(error, std::generic_category(), "cannot start " + command.words.front());
  }
  // Not pidfd_open(): glibc 2.36 declares it without C linkage.
  child_->handle = Descriptor(checked(static_cast<int>(syscall(SYS_pidfd_open, child_->pid, 0)), "pidfd_open"));
}

Process::Process(Process&&) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    if (child_) kill();
    child_ = std::move(other.child_);
  }
  return *this;
}

Process::~Process() {
  if (child_) kill();
}

pid_t Process::pid() const { return child_->pid; }

void Process::signal(int signal_number) {
  if (!child_->code) ::kill(child_->pid, signal_number);
}

void Process::kill() {
  signal(SIGKILL);
  if (!child_->code) child_->reap();
}

std::optional<int> Process::wait(milliseconds limit) {
  if (!child_->code && ended(child_->handle, limit)) child_->reap();
  return child_->code;
}

std::string Process::out() const { return content(child_->out); }

std::string Process::err() const { return content(child_->err); }

bool Process::wait_for_output(std::string_view text, milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (true) {
    // Looked at before the output, so that the last words of a process that ends meanwhile are seen.
    const bool last_look = wait(milliseconds(0)).has_value() || Clock::now() >= deadline;
    if (out().contains(text) || err().contains(text)) return true;
    if (last_look) return false;
    wait(kOutputInterval);
  }
}

Finished run(const Command& command, milliseconds limit) {
  Process process(command);
  std::optional<int> code = process.wait(limit);
  if (!code) {
    process.kill();
    code = process.wait(milliseconds(0));
  }
  return {*code, process.out(), process.err()};
}

}  // namespace lernd
