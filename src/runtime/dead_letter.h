#pragma once

#include <string>

#include "core/error.h"
#include "core/record.h"

namespace lernd {

/// The dead letter of a record: its key, value and headers as they came, and why, whence and when in headers of the names Kafka Streams uses.
///
/// Headers    `__streams.errors.topic`, `.partition`, `.offset`, `.exception` (treatment and code: `skip.malformed_record`), `.message` (the error's text);
///            `lernd.attempt`, `lernd.first_seen_ms`, `lernd.version`, and `lernd.value_left_out` of a shortened one. They follow the headers of the record.
/// Source     design.md section 5; KIP-1034.
OutputRecord dead_letter(const std::string& topic, const TopicPartition& source, const Record& record, const Error& error, int attempts, Timestamp first_seen,
                         const std::string& version);

/// Leaves out the value of a letter that its topic may refuse for its size, and says in a header how many bytes that was: the record itself is still in its
/// topic, at the place that the headers name. Values that every topic takes, below the brokers' default `max.message.bytes`, stay.
void shorten(OutputRecord& letter);

namespace dead_letter_header {
inline constexpr std::string_view kTopic = "__streams.errors.topic";
inline constexpr std::string_view kPartition = "__streams.errors.partition";
inline constexpr std::string_view kOffset = "__streams.errors.offset";
inline constexpr std::string_view kException = "__streams.errors.exception";
inline constexpr std::string_view kMessage = "__streams.errors.message";
inline constexpr std::string_view kAttempt = "lernd.attempt";
inline constexpr std::string_view kFirstSeen = "lernd.first_seen_ms";
inline constexpr std::string_view kVersion = "lernd.version";
inline constexpr std::string_view kValueLeftOut = "lernd.value_left_out";
}  // namespace dead_letter_header

}  // namespace lernd
