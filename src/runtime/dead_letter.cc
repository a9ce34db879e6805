#include "runtime/dead_letter.h"

#include <fmt/format.h>

namespace lernd {
namespace {

/// The brokers' default `max.message.bytes` is 1,048,588, headers and all.
constexpr std::size_t kValueBytesSure = 900'000;

}  // namespace

OutputRecord dead_letter(const std::string& topic, const TopicPartition& source, const Record& record, const Error& error, int attempts, Timestamp first_seen,
                         const std::string& version) {
  namespace header = dead_letter_header;
  OutputRecord letter{.topic = topic, .key = record.key, .value = record.value, .headers = record.headers};
  const auto add = [&](std::string_view name, std::string value) { letter.headers.push_back({std::string(name), std::move(value)}); };
  add(header::kTopic, source.topic);
  add(header::kPartition, fmt::format("{}", source.partition));
  add(header::kOffset, fmt::format("{}", record.offset.value));
  add(header::kException, fmt::format("{}.{}", name_of(error.treatment), name_of(error.code)));
  add(header::kMessage, error.text);
  add(header::kAttempt, fmt::format("{}", attempts));
  add(header::kFirstSeen, fmt::format("{}", first_seen.ms));
  add(header::kVersion, version);
  return letter;
}

void shorten(OutputRecord& letter) {
  if (!letter.value || letter.value->size() <= kValueBytesSure) return;
  letter.headers.push_back({std::string(dead_letter_header::kValueLeftOut), fmt::format("{} bytes", letter.value->size())});
  letter.value.reset();
}

}  // namespace lernd
