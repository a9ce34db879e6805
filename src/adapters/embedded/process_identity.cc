#include "adapters/embedded/process_identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

namespace lernd::embedded {
namespace {

/// Processes of two containers may have the same id, so ids are compared only within one of these.
std::string name_space() {
  std::error_code error;
  const std::string link = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();  // pid:[4026531836]
  const std::size_t open = link.find('['), close = link.find(']');
  return error || open == std::string::npos || close == std::string::npos ? "0" : link.substr(open + 1, close - open - 1);
}

struct Life {
  char state = '?';
  std::string start;  ///< clock ticks since the machine started
};

std::optional<Life> life_of(long process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  // The name of the program stands in parentheses and may hold anything; the fields behind it do not.
  std::size_t at = text.rfind(')');
  if (at == std::string::npos || at + 2 >= text.size()) return std::nullopt;
  Life life;
  life.state = text[at + 2];
  for (int field = 2; field < 21; ++field) {
    at = text.find(' ', at + 1);
    if (at == std::string::npos) return std::nullopt;
  }
  life.start = text.substr(at + 1, text.find(' ', at + 1) - at - 1);
  return life;
}

}  // namespace

std::string own_process() {
  const auto life = life_of(::getpid());
  return fmt::format("{}-{}-{}", name_space(), ::getpid(), life ? life->start : "0");
}

bool has_ended(std::string_view identity) {
  const std::size_t first = identity.find('-'), second = identity.find('-', first + 1);
  if (second == std::string_view::npos || identity.substr(0, first) != name_space()) return false;
  long process = 0;
  const auto [end, error] = std::from_chars(identity.data() + first + 1, identity.data() + second, process);
  if (error != std::errc{} || end != identity.data() + second) return false;
  const auto life = life_of(process);
  return !life || life->state == 'Z' || life->state == 'X' || life->start != identity.substr(second + 1);
}

}  // namespace lernd::embedded
