#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/job.h"
#include "core/json.h"

namespace lernd {

/// A record of the platform's job topics: one JSON object that says in `edata` what is to be done.
///
/// Source: enrolment-reconciliation.md section 2.
struct JobRequest {
  JsonDocument document;
  JsonView edata;  ///< an object, part of `document`
};

/// What a job's own reader gives, as `Job::decode` returns it.
template <class Own>
std::expected<std::unique_ptr<Event>, Skip> as_event(std::expected<Own, Skip> read) {
  if (!read) return std::unexpected(std::move(read).error());
  return std::make_unique<Own>(*std::move(read));
}

/// The JSON object that is a record's value, read by `parse`. Skips everything else, as a dead letter.
std::expected<JsonDocument, Skip> read_json_object(const Record& record, Result<JsonDocument> (*parse)(std::string_view) = JsonDocument::parse);

/// Skips what is no JSON object, as a dead letter, and what has no object under `edata`.
std::expected<JobRequest, Skip> read_job_request(const Record& record);

/// The skip of a record that is for somebody else, or lacks what this job needs. `text` holds no data of the record.
std::unexpected<Skip> not_for_this_job(std::string text);

/// The text of a member; nothing when it is missing, not a string, or blank.
std::optional<std::string_view> id_in(JsonView object, std::string_view member);

/// An id as a text: a text as it is, a number or truth value as it is written; nothing for anything else.
std::optional<std::string> id_text(JsonView value);

/// Nothing but white space.
bool is_blank(std::string_view text);
/// Letters beyond ASCII are compared as they stand.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace lernd
