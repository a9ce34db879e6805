#include <algorithm>
#include <string>
#include <vector>

#include "adapters/elasticsearch/elasticsearch_answers.h"
#include "fuzz/require.h"

/// Any body of an index server gives one result for each document that was asked for, and nothing of it stands in an error.
namespace lernd::elasticsearch {
namespace {

const std::vector<DocumentId> kAsked{{.index = "i", .id = "1"}, {.index = "i", .id = "2"}};

/// Errors repeat nothing but a word of the server, which is lower-case letters and underscores.
template <class T>
void check_error(const Result<T>& result) {
  if (result) return;
  require(!result.error().text.empty() && result.error().text.size() < 300);
  require(result.error().treatment != Treatment::skip);
  require(std::ranges::all_of(result.error().text, [](char c) { return c >= ' ' && c <= '~'; }));
}

void check(const std::string& body) {
  for (const int status : {200, 400, 404, 503}) {
    const HttpAnswer answer{.status = status, .body = body};
    const auto documents = documents_of(kAsked, answer);
    require(documents.size() == kAsked.size());
    for (const auto& document : documents) {
      check_error(document);
      require(!document || document->missing() || document->source.starts_with('{'));
    }
    const auto outcomes = outcomes_of(kAsked, answer);
    require(outcomes.size() == kAsked.size());
    for (const auto& outcome : outcomes) check_error(outcome);
    const auto page = page_of("i", answer);
    check_error(page);
    require(!page || !page->scroll_id.empty());
    check_error(done_of("i", answer));
    check_error(greeting_of(answer));
  }
}

}  // namespace
}  // namespace lernd::elasticsearch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::elasticsearch::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
