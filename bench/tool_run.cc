#include "tool_run.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace lernd {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }
double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

ToolRun run_tool(InstantService& service, std::vector<std::string> words) {
  std::vector<char*> raw;
  for (auto& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  service.forget();
  const auto start = Clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    (void)!std::freopen("/dev/null", "w", stdout);
    ::execv(raw[0], raw.data());
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  if (status != 0) throw std::runtime_error(fmt::format("lernd {} failed", words.at(1)));
  return {.seconds = seconds(Clock::now() - start),
          .start_to_first = seconds(service.first() - start),
          .cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime),
          .memory_mib = static_cast<double>(used.ru_maxrss) / 1024,
          .requests = service.requests()};
}

double curl_calls_per_s(int in_flight, std::int64_t calls, const std::function<void(CURL*, std::int64_t)>& prepare) {
  CURLM* multi = curl_multi_init();
  std::int64_t next = 0;
  const auto add = [&](CURL* easy) {
    prepare(easy, next++);
    curl_multi_add_handle(multi, easy);
  };
  const auto start = Clock::now();
  for (int i = 0; i < in_flight; ++i) {
    CURL* easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &discard);
    add(easy);
  }
  int running = in_flight;
  while (running > 0) {
    curl_multi_perform(multi, &running);
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued)) {
      CURL* easy = message->easy_handle;
      curl_multi_remove_handle(multi, easy);
      if (next < calls) {
        add(easy);
        running = 1;
      } else {
        curl_easy_cleanup(easy);
      }
    }
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 100, nullptr);
  }
  curl_multi_cleanup(multi);
  return static_cast<double>(calls) / seconds(Clock::now() - start);
}

}  // namespace lernd
