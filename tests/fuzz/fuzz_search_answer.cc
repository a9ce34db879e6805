#include <string>

#include "fuzz/require.h"
#include "jobs/course_progress/collection_status.h"

/// Any body of the search service is a status, or an error that may pass.
namespace lernd {
namespace {

void check(std::string body) {
  const auto query = course_progress::status_query("http://search/v3/search", body, std::chrono::seconds(1));
  const HttpAnswer answer = {200, std::move(body)};
  const auto status = course_progress::collection_status(answer);
  require(status || (status.error().treatment == Treatment::retry && status.error().code == ErrorCode::bad_answer));
  require(query.worth_keeping(answer) == (status && !status->empty()));
}

}  // namespace
}  // namespace lernd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
