#pragma once

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "core/job.h"

namespace lernd {

/// A job that any mistake of the runtime shows in: it adds numbers up, so a plan applied to its own result, or computed twice, gives another sum.
///
/// A record is `<account> <number>`; `<account> bad` is rejected, `<account> ask` calls a service and fails for as long as it does not answer 200; anything
/// else is skipped; `<account> odd` adds nothing and is remarked on. Each record writes the new sum and an account of its own steps, and emits `<account>
/// <sum>`. `<account> tell` writes nothing and emits what the sum is.
class ToyJob : public Job {
 public:
  static inline const TableName kTable{"toy", "sums"};
  static TableSchema table() { return {.name = kTable, .columns = {{"account", "text"}, {"sum", "bigint"}, {"steps", "bigint"}}, .key = {"account"}}; }

  struct Addition : Event {
    std::string account;
    std::string what;
    std::size_t records = 1;
  };

  explicit ToyJob(bool folds = false) : folds_(folds) {}

  std::expected<std::unique_ptr<Event>, Skip> decode(const Record& record) const override {
    const std::string text = record.value.value_or("");
    const auto blank = text.find(' ');
    if (blank == std::string::npos) return std::unexpected(Skip{{Treatment::skip, ErrorCode::malformed_record, "no account and number"}, true});
    auto addition = std::make_unique<Addition>();
    addition->account = text.substr(0, blank);
    addition->what = text.substr(blank + 1);
    return addition;
  }

  std::vector<std::string> order_keys(const Event& event) const override { return {addition(event).account}; }

  bool fold(Event& event, const Event& next) const override {
    auto& first = static_cast<Addition&>(event);
    if (!folds_ || !number(first.what) || !number(addition(next).what)) return false;
    first.what = fmt::format("{}", *number(first.what) + *number(addition(next).what));
    first.records += addition(next).records;
    return true;
  }

  Step advance(const Event& event, const Facts& facts, const Stamp&) const override {
    const Addition& one = addition(event);
    if (one.what == "bad") return Reject{{Treatment::reject, ErrorCode::unpublished_course, "told so"}, {}};
    Ask ask;
    const Rows* rows = facts.rows({kTable, {"sum", "steps"}, {{"account", one.account}}}, ask);
    const HttpAnswer* answer = one.what == "ask" ? facts.http({.service = "toy", .method = "GET", .url = "http://toy/" + one.account}, ask) : nullptr;
    if (ask.pending()) return ask;
    if (answer != nullptr && answer->status != 200) return Reject{{Treatment::retry, ErrorCode::bad_answer, "the toy service did not answer 200"}, {}};

    const auto stored = [&](std::string_view column) { return rows->empty() || (*rows)[0][column].integer() == nullptr ? 0 : *(*rows)[0][column].integer(); };
    const std::int64_t sum = stored("sum") + number(one.what).value_or(0);
    const std::int64_t steps = stored("steps") + static_cast<std::int64_t>(one.records);
    Plan plan;
    if (one.what == "tell") {
      plan.outputs.push_back({.topic = "sums", .key = {}, .value = fmt::format("{} has {}", one.account, sum), .headers = {}});
      return plan;
    }
    append_stage(plan, {{.table = kTable, .key = {{"account", one.account}}, .set = {{"sum", sum}}}}, 1);
    append_stage(plan, {{.table = kTable, .key = {{"account", one.account}}, .set = {{"steps", steps}}}}, 1);
    plan.outputs.push_back({.topic = "sums", .key = {}, .value = fmt::format("{} {}", one.account, sum), .headers = {}});
    plan.counts.add("added");
    if (one.what == "odd") plan.remarks.push_back({"an odd addition", one.account});
    if (one.what == "missed") plan.remarks.push_back({.what = "a missed addition", .about = one.account, .audit = true, .warning = true});
    if (one.what == "audited") plan.remarks.push_back({.what = "an audited addition", .about = fmt::format("{} at {}", one.account, steps), .audit = true});
    return plan;
  }

  Plan parked(const Event& event, const Facts&, const Error&, const Stamp&) const override {
    Plan plan;
    plan.outputs.push_back({.topic = "failed", .key = {}, .value = addition(event).account, .headers = {}});
    plan.counts.add("failed");
    return plan;
  }

  std::string_view received_counter() const override { return "received"; }
  std::string_view skipped_counter() const override { return "skipped"; }

 private:
  static const Addition& addition(const Event& event) { return static_cast<const Addition&>(event); }
  static std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
    return number;
  }

  bool folds_;
};

}  // namespace lernd
