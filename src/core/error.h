#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace lernd {

/// What is to be done about an error. The treatment travels with the value, so that no caller has to guess it from a text.
///
/// Source: design.md section 5.
enum class Treatment {
  skip,    ///< not for this job: count it and go on
  reject,  ///< bad data, cannot succeed later: failed event and dead letter, go on
  retry,   ///< may pass: repeat with backoff, the partition is paused meanwhile
  fatal,   ///< configuration or schema: stop and name the option to change
};

/// A closed list of what can go wrong; used as metric label and as dead-letter header, so it never holds data.
enum class ErrorCode {
  malformed_record,    ///< not UTF-8, not JSON, not an object
  oversized_record,    ///< larger than `lernd.record_bytes_max`
  not_for_this_job,    ///< another action, ids missing or of a wrong type
  unpublished_course,  ///< the course has no leaf set and the search service does not call it Retired
  malformed_row,       ///< a row of a table does not hold what others should have put there
  bad_answer,          ///< a service answered, but not what was asked for
  unavailable,         ///< no connection, connection lost, server away or overloaded
  timed_out,
  service_away,  ///< a service serves nobody just now: what fails for it is no attempt of the record
  unauthorized,
  schema_mismatch,  ///< a table, column or type is not what the job needs
  not_found,        ///< topic, table, keyspace or file is not there, or a service does not know what it was asked for
  invalid_option,
  disk_full,
  fenced,   ///< the partition has another owner now
  corrupt,  ///< stored bytes that this program wrote cannot be read back
  internal,
};

/// An error: its treatment, its code, and a text for the operator. The text never holds personal data, payloads or secrets.
struct Error {
  Treatment treatment = Treatment::fatal;
  ErrorCode code = ErrorCode::internal;
  std::string text;

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Treatment treatment, ErrorCode code, std::string text) { return std::unexpected(Error{treatment, code, std::move(text)}); }

/// The name of a treatment or code as it stands in headers, labels and logs, for example `retry`, `malformed_record`.
std::string_view name_of(Treatment treatment);
std::string_view name_of(ErrorCode code);

/// The inverse of `name_of(ErrorCode)`; `internal` for an unknown name.
ErrorCode error_code_named(std::string_view name);
Treatment treatment_named(std::string_view name);

}  // namespace lernd
