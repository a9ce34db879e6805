#include "runtime/crash_point.h"

#ifdef LERND_TEST_HOOKS

#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string>

namespace lernd {
namespace {

struct Armed {
  std::string step;
  int passes_left = 1;
};

Armed armed_from_environment() {
  const char* text = std::getenv("LERND_CRASH_AT");
  if (text == nullptr) return {};
  const std::string whole = text;
  const auto colon = whole.find(':');
  if (colon == std::string::npos) return {whole, 1};
  return {whole.substr(0, colon), std::atoi(whole.c_str() + colon + 1)};
}

std::mutex mutex;

Armed& armed() {
  static Armed once = armed_from_environment();
  return once;
}

}  // namespace

bool crash_armed(std::string_view step) { return armed().step == step; }

void crash_point(std::string_view step) {
  if (!crash_armed(step)) return;
  const std::lock_guard lock(mutex);
  if (--armed().passes_left == 0) raise(SIGKILL);
}

}  // namespace lernd

#endif
