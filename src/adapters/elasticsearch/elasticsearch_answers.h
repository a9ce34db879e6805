#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "ports/search_index.h"

namespace lernd::elasticsearch {

/// What an answer says of the documents that were asked for, in their order. An answer that is none, or is not about these documents, is `retry`/`bad_answer`
/// for all of them.
std::vector<Result<StoredDocument>> documents_of(std::span<const DocumentId> asked, const HttpAnswer& answer);

/// What became of each document of a bulk. False: the document is gone, or has another version than the update was made from.
std::vector<Result<bool>> outcomes_of(std::span<const DocumentId> changed, const HttpAnswer& answer);

/// One page of a search. `total` counts the documents of all pages; after the last of them pages are empty.
struct Page {
  std::vector<std::pair<std::string, StoredDocument>> documents;
  std::string scroll_id;
  std::size_t total = 0;
};
Result<Page> page_of(const std::string& index, const HttpAnswer& answer);

/// That an index is there, or not.
Result<bool> existence_of(const std::string& index, const HttpAnswer& answer);
/// That a whole request was carried out, by every shard it is about.
Result<void> done_of(const std::string& index, const HttpAnswer& answer);
/// That an index server answers, and not some other one.
Result<void> greeting_of(const HttpAnswer& answer);

/// A refusal of a request or of a part of it. `type` is the server's word for it, empty when it said none.
Error refusal(int status, std::string_view type, const std::string& index);
/// The same, from the body of an answer.
Error refusal_of(const HttpAnswer& answer, const std::string& index);

}  // namespace lernd::elasticsearch
