#include "integration/bad_input.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "app/version.h"
#include "integration/program.h"

namespace lernd {
namespace {

constexpr std::size_t kTooManyBytes = (8u << 20) + 1;

struct Bad {
  std::optional<std::string> value;
  std::string_view reason;
};

std::vector<Bad> all_bad() {
  const std::string mark(kPayloadMark);
  const std::string request = R"({"edata":{"action":"user-enrolment-sync","userId":")" + mark + R"(","courseId":"c","batchId":"b","more":")";
  constexpr std::string_view kMalformed = "skip.malformed_record";
  return {
      {mark, kMalformed},                                                                      // not JSON
      {request, kMalformed},                                                                   // JSON that is cut off
      {"[\"" + mark + "\"]", kMalformed},                                                      // not an object
      {request + "\xff\xfe\"}}", kMalformed},                                                  // not UTF-8
      {request + "\xed\xa0\x80\"}}", kMalformed},                                              // half a surrogate pair
      {std::string("\0\0\0\0", 4) + mark, kMalformed},                                         // a frame of another format
      {std::string(100'000, '[') + mark, kMalformed},                                          // nested without an end
      {R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}", kMalformed},  // nested, and well formed
      {"", kMalformed},
      {std::nullopt, kMalformed},  // a tombstone
      {request + std::string(kTooManyBytes, 'x') + "\"}}", "skip.oversized_record"},
  };
}

std::map<std::string, std::string> headers_of(const Record& record) {
  std::map<std::string, std::string> headers;
  for (const Header& header : record.headers) EXPECT_TRUE(headers.emplace(header.name, header.value).second) << header.name << " stands there twice";
  return headers;
}

void expect_dead_letter(const Record& letter, std::size_t position, const Bad& bad, const std::string& topic) {
  SCOPED_TRACE(fmt::format("bad record {}", position));
  EXPECT_EQ(letter.key, fmt::format("{}-{}", kPayloadMark, position));
  EXPECT_TRUE(letter.value == bad.value) << "the bytes are not those of the record";
  auto headers = headers_of(letter);
  EXPECT_EQ(headers["trace"], "from the producer");
  EXPECT_EQ(headers["__streams.errors.topic"], topic);
  EXPECT_EQ(headers["__streams.errors.partition"], "0");
  EXPECT_EQ(headers["__streams.errors.offset"], fmt::format("{}", position));
  EXPECT_EQ(headers["__streams.errors.exception"], bad.reason);
  EXPECT_FALSE(headers["__streams.errors.message"].empty());
  EXPECT_FALSE(headers["__streams.errors.message"].contains(kPayloadMark)) << headers["__streams.errors.message"];
  EXPECT_EQ(headers["lernd.attempt"], "1");
  EXPECT_EQ(headers["lernd.first_seen_ms"].size(), 13u) << headers["lernd.first_seen_ms"];
  EXPECT_EQ(headers["lernd.version"], kVersion);
}

std::uint64_t counter(const std::string& metrics, std::string_view name) {
  const auto lines = lines_with(metrics, name);
  return lines.size() == 1 ? std::stoull(lines.front().substr(lines.front().rfind(' '))) : 0;
}

}  // namespace

std::vector<OutputRecord> bad_records() {
  std::vector<OutputRecord> records;
  for (auto& bad : all_bad()) {
    records.push_back({.key = fmt::format("{}-{}", kPayloadMark, records.size()), .value = std::move(bad.value), .headers = {{"trace", "from the producer"}}});
  }
  return records;
}

void expect_bad_records_are_kept(ReconciliationWorld& world) {
  const auto bad = all_bad();
  Process process(world.command({"--http", "127.0.0.1:0", "--set", "lernd.log.level=debug"}));
  const AdminClient admin(process);
  const auto nothing_left = [&] {
    const auto job = admin.job();
    return process.wait(std::chrono::milliseconds(0)).has_value() || (!job.is_null() && job["records_done"] > bad.size() && job["lag"] == 0);
  };
  ASSERT_TRUE(wait_until(nothing_left)) << process.err();
  const auto metrics = admin.get("/metrics").body;
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(kLimit), 0) << process.err();
  EXPECT_FALSE(process.err().contains(kPayloadMark)) << process.err();

  auto effects = world.effects();
  auto undisturbed = world.undisturbed();
  const std::size_t others = undisturbed.records.at("dead letters").size();
  EXPECT_EQ(counter(metrics, "lernd_dead_letters_total{code=\"oversized_record\""), 1u) << metrics;
  EXPECT_EQ(counter(metrics, "lernd_dead_letters_total{code=\"malformed_record\""), bad.size() - 1 + others) << metrics;
  EXPECT_GE(counter(metrics, "counter=\"skipped-events-count\""), bad.size()) << metrics;
  EXPECT_EQ(counter(metrics, "counter=\"failed-events-count\""), 0u) << "a skip is no failure\n" << metrics;

  const auto letters = world.dead_letters();
  ASSERT_EQ(letters.size(), bad.size() + others);
  for (std::size_t i = 0; i < bad.size(); ++i) expect_dead_letter(letters[i], i, bad[i], world.values().text(world.job().input_topic_option));
  effects.records.erase("dead letters");
  undisturbed.records.erase("dead letters");
  EXPECT_FALSE(undisturbed.records.at("kafka.output.certissue.topic").empty()) << "requests without results prove nothing";
  expect_same(effects, undisturbed);
}

}  // namespace lernd
