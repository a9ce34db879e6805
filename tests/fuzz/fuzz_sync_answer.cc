#include <string>
#include <string_view>

#include "core/json.h"
#include "fuzz/require.h"
#include "sync/answer.h"
#include "sync/checkpoint.h"

/// Answers of any kind get a verdict with a sane wait, only a JSON object with status 200 is accepted, and what reads as a checkpoint is written back as
/// itself.
namespace lernd::sync {
namespace {

void check(std::string_view text) {
  const auto header = std::string(text.substr(0, text.find('\n')));
  for (const int status : {200, 400, 429, 500, 503}) {
    const auto verdict =
        judge(HttpAnswer{.status = status, .body = std::string(text), .headers = {{.name = "retry-after", .value = header}}}, {1'700'000'000'000});
    require(verdict.wait_min.count() >= 0 && verdict.wait_min < std::chrono::hours(24 * 366 * 101));
    if (verdict.outcome == Outcome::accepted) require(status == 200 && JsonDocument::parse(text)->root().is_object());
    require(verdict.text.size() < 1000 && verdict.text.find('\n') == std::string::npos);
  }
  const std::vector<bulk::Item> items{{0, "a"}, {1, "b"}};
  if (const auto told = confirmations(text, items)) require(told->size() == items.size());
  if (const auto checkpoint = read_checkpoint(text)) {
    const auto again = read_checkpoint(checkpoint_json(*checkpoint));
    require(again.has_value() && *again == *checkpoint);
  }
}

}  // namespace
}  // namespace lernd::sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::sync::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
