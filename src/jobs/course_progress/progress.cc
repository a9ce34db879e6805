#include "jobs/course_progress/progress.h"

#include <algorithm>

namespace lernd::course_progress {
namespace {

int number_in(const Value& value, int otherwise) {
  const std::int64_t* number = value.integer();
  return number == nullptr ? otherwise : static_cast<int>(*number);
}

std::vector<Cell> key_of(const EnrolmentKey& enrolment) {
  return {{"userid", enrolment.user_id}, {"courseid", enrolment.course_id}, {"batchid", enrolment.batch_id}};
}

Value one_entry(Value value) { return ValueMap{{{"completedCount", std::move(value)}}}; }

Value statuses(const std::vector<ContentRow>& contents) {
  ValueMap map;
  map.entries.reserve(contents.size());
  for (const ContentRow& content : contents) map.entries.emplace_back(content.content_id, content.status);
  std::ranges::sort(map.entries, {}, [](const auto& entry) -> const std::string& { return *entry.first.text(); });
  return map;
}

}  // namespace

std::vector<ContentRow> content_rows(const Rows& rows) {
  std::vector<ContentRow> contents;
  contents.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Rows::Row row = rows[i];
    const std::string* id = row["contentid"].text();
    if (id == nullptr) continue;
    contents.push_back({.content_id = *id,
                        .status = number_in(row["status"], kInProgress),
                        .view_count = number_in(row["viewcount"], 0),
                        .completed_count = number_in(row["completedcount"], 0)});
  }
  return contents;
}

std::vector<std::string_view> finished(const std::vector<ContentRow>& contents) {
  std::vector<std::string_view> done;
  for (const ContentRow& content : contents) {
    if (content.status == kCompleted) done.push_back(content.content_id);
  }
  return done;
}

std::vector<std::string_view> ids(const std::vector<ContentRow>& contents) {
  std::vector<std::string_view> ids;
  ids.reserve(contents.size());
  for (const ContentRow& content : contents) ids.push_back(content.content_id);
  return ids;
}

RowsQuery consumption_query(const ProgressTables& tables, const EnrolmentKey& enrolment) {
  return {tables.consumption, {"contentid", "status", "viewcount", "completedcount"}, key_of(enrolment)};
}

RowsQuery enrolment_query(const ProgressTables& tables, const EnrolmentKey& enrolment) { return {tables.enrolments, {"status"}, key_of(enrolment)}; }

bool is_processed(const Rows& enrolment) { return enrolment.empty() || enrolment[0]["status"] == Value(kCompleted); }

std::vector<Cell> consumption_key(const EnrolmentKey& enrolment, std::string_view content_id) {
  auto key = key_of(enrolment);
  key.push_back({"contentid", content_id});
  return key;
}

RowWrite aggregate_write(const ProgressTables& tables, const EnrolmentKey& enrolment, std::string_view activity_id, std::size_t completed, Timestamp now) {
  return {.table = tables.aggregates,
          .key = {{"activity_type", "Course"}, {"activity_id", activity_id}, {"user_id", enrolment.user_id}, {"context_id", "cb:" + enrolment.batch_id}},
          .set = {{"aggregates", one_entry(static_cast<double>(completed)), Assignment::Mode::merge},
                  {"agg_last_updated", one_entry(now), Assignment::Mode::merge}}};
}

RowWrite enrolment_write(const ProgressTables& tables, const EnrolmentKey& enrolment, const std::vector<ContentRow>& contents, std::size_t completed,
                         bool complete, Timestamp now) {
  RowWrite write{.table = tables.enrolments, .key = key_of(enrolment), .set = {}};
  write.set.push_back({"status", complete ? kCompleted : kInProgress});
  if (complete) write.set.push_back({"completedon", now});
  write.set.push_back({"progress", static_cast<std::int64_t>(completed)});
  write.set.push_back({"contentstatus", statuses(contents)});
  write.set.push_back({"datetime", now});
  return write;
}

}  // namespace lernd::course_progress
