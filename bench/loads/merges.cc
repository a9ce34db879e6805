#include <fmt/format.h>

#include "loads/course.h"
#include "loads/kinds.h"

namespace lernd::bench {
namespace {

// What the rows of the two accounts hold; the source's is the larger and the later of each pair.
struct Consumed {
  int status;
  int progress;
  std::int64_t views;
  std::int64_t completions;
  Timestamp time;
  const char* text_time;
};
constexpr Consumed kOfSource{2, 100, 3, 1, {1683556693275}, "2023-05-08 14:38:13:275+0000"};
constexpr Consumed kOfTarget{1, 40, 2, 1, {1675780693000}, "2023-02-07 14:38:13:000+0000"};

class Merges final : public Load {
 public:
  Merges(const Size& size, const OptionValues& values, std::uint32_t run)
      : contents_(size.contents),
        run_(run),
        courses_{make_course(size, run, 0), make_course(size, run, 1)},
        consumption_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.content_consumption.table")},
        enrolments_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.user_enrolments.table")},
        aggregates_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.user_activity_agg.table")},
        ledger_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.merged_events.table")} {}

  Stock before(Part part, std::size_t item) const override {
    const std::string source = other_user_id(part, item);
    const std::string target = user_id(part, item);
    Stock stock;
    for (std::size_t i = 0; i < contents_; ++i) stock.rows.push_back(content_row(source, i, kOfSource));
    for (std::size_t i = 0; i < shared_contents(); ++i) stock.rows.push_back(content_row(target, i, kOfTarget));
    for (const Course& course : courses_) {
      stock.rows.push_back(enrolment_row(source, course, 2, 100));
      stock.rows.push_back(aggregate_row(source, course, kSourceScores));
    }
    stock.rows.push_back(enrolment_row(target, courses_[0], 1, 40));
    stock.rows.push_back(aggregate_row(target, courses_[0], kTargetScores));
    return stock;
  }

  std::string event(Part part, std::size_t item, std::size_t round) const override {
    return fmt::format(R"({{"eid":"BE_JOB_REQUEST","ets":1683556693275,"mid":"{0}","actor":{{"id":"Merge User Courses and Certs","type":"System"}},)"
                       R"("context":{{"channel":"","pdata":{{"id":"org.sunbird.platform","ver":"1.0"}},"env":""}},)"
                       R"("object":{{"id":"{2}","type":"MergeUserCoursesAndCert"}},"edata":{{"action":"merge-user-courses-and-cert","iteration":1,)"
                       R"("fromAccountId":"{1}","toAccountId":"{2}","rootOrgId":"0126796199493140480"}}}})",
                       message_id(item, round), other_user_id(part, item), user_id(part, item));
  }

  Findings after(Part part, std::size_t item, std::size_t rounds) const override {
    const std::string target = user_id(part, item);
    Findings findings;
    findings.rows.push_back(contents_found(target, static_cast<std::int64_t>(rounds)));
    Rows enrolments({"courseid", "batchid", "status", "progress"});
    enrolments.add({courses_[0].id, courses_[0].batch_id, 1, 40});
    enrolments.add({courses_[1].id, courses_[1].batch_id, 2, 100});
    findings.rows.emplace_back(RowsQuery{enrolments_, enrolments.columns(), {{"userid", target}}}, std::move(enrolments));
    for (const Course& course : courses_) {
      Rows rows({"context_id", "aggregates"});
      rows.add({"cb:" + course.batch_id, scores(kSourceScores)});
      findings.rows.emplace_back(RowsQuery{aggregates_, rows.columns(), aggregate_key(target, course)}, std::move(rows));
    }
    // Complete, as its claims are gone. Those of the messages before it were so too.
    Rows complete({"piece", "claims"});
    complete.add({0, Value()});
    const std::vector<Cell> key{{"event", "mid " + message_id(item, rounds - 1)}, {"source_id", other_user_id(part, item)}, {"target_id", target}};
    findings.rows.emplace_back(RowsQuery{ledger_, complete.columns(), key}, std::move(complete));
    return findings;
  }

  /// Both enrolments that the target has, each time.
  std::vector<Outputs> outputs(Part, std::size_t, std::size_t rounds) const override {
    return {{"kafka.output.course.batch.updater.topic", 2 * rounds}, {"kafka.output.enrolment.sync.topic", 2 * rounds}, {"kafka.output.failed.topic", 0}};
  }

 private:
  static constexpr double kSourceScores = 9;
  static constexpr double kTargetScores = 4;

  /// Contents that both accounts have opened: the first half, which is the first course.
  std::size_t shared_contents() const { return contents_ / 2; }
  const Course& course_of(std::size_t content) const { return courses_[content < shared_contents() ? 0 : 1]; }

  std::string message_id(std::size_t item, std::size_t round) const { return fmt::format("LP.{:010}.{:012}-{}", run_, item, round); }

  RowWrite content_row(const std::string& user, std::size_t content, const Consumed& consumed) const {
    const Course& course = course_of(content);
    return {.kind = RowWrite::Kind::insert,
            .table = consumption_,
            .key = {{"userid", user}, {"courseid", course.id}, {"batchid", course.batch_id}, {"contentid", course.contents[content]}},
            .set = {{"status", consumed.status},
                    {"progress", consumed.progress},
                    {"viewcount", consumed.views},
                    {"completedcount", consumed.completions},
                    {"progressdetails", R"({"mimeType":"video/mp4","current":["90"],"max_size":100})"},
                    {"lastaccesstime", consumed.text_time},
                    {"lastcompletedtime", consumed.text_time},
                    {"lastupdatedtime", consumed.text_time},
                    {"last_access_time", consumed.time},
                    {"last_completed_time", consumed.time},
                    {"last_updated_time", consumed.time}}};
  }

  RowWrite enrolment_row(const std::string& user, const Course& course, int status, int progress) const {
    ValueMap statuses;
    for (std::size_t i = 0; i < contents_; ++i) {
      if (&course_of(i) == &course) statuses.entries.emplace_back(course.contents[i], status);
    }
    const ValueMap certificate{{{"identifier", "1-0fbe926a-a395-40e4-a65b-9b4f711d7642"}, {"name", "Course merit certificate"}}};
    RowWrite row{.kind = RowWrite::Kind::insert,
                 .table = enrolments_,
                 .key = {{"userid", user}, {"courseid", course.id}, {"batchid", course.batch_id}},
                 .set = {{"status", status},
                         {"progress", progress},
                         {"contentstatus", std::move(statuses)},
                         {"active", true},
                         {"addedby", user},
                         {"enrolled_date", kOfTarget.time},
                         {"datetime", kOfSource.time}}};
    if (status == 2) row.set.push_back({"issued_certificates", ValueList{{certificate}}});
    return row;
  }

  static std::vector<Cell> aggregate_key(const std::string& user, const Course& course) {
    return {{"activity_type", "Course"}, {"activity_id", course.id}, {"user_id", user}};
  }

  static ValueMap scores(double score) { return {{{"completedCount", score}, {"max_score:do_3131", score}, {"score:do_3131", score}}}; }

  RowWrite aggregate_row(const std::string& user, const Course& course, double score) const {
    RowWrite row{.kind = RowWrite::Kind::insert, .table = aggregates_, .key = aggregate_key(user, course), .set = {}};
    row.key.push_back({"context_id", "cb:" + course.batch_id});
    row.set = {{"aggregates", scores(score)}, {"agg_last_updated", ValueMap{{{"completedCount", kOfTarget.time}}}}};
    return row;
  }

  std::pair<RowsQuery, Rows> contents_found(const std::string& target, std::int64_t rounds) const {
    Rows rows({"contentid", "status", "progress", "viewcount", "completedcount", "lastaccesstime", "last_access_time"});
    for (std::size_t i = 0; i < contents_; ++i) {
      const bool had = i < shared_contents();
      rows.add({course_of(i).contents[i], kOfSource.status, kOfSource.progress, (had ? kOfTarget.views : 0) + rounds * kOfSource.views,
                (had ? kOfTarget.completions : 0) + rounds * kOfSource.completions, kOfSource.text_time, kOfSource.time});
    }
    return {RowsQuery{consumption_, rows.columns(), {{"userid", target}}}, rows};
  }

  const std::size_t contents_;
  const std::uint32_t run_;
  const Course courses_[2];
  const TableName consumption_;
  const TableName enrolments_;
  const TableName aggregates_;
  const TableName ledger_;
};

}  // namespace

LoadKind merges_kind() {
  LoadKind kind{.name = "merges", .job = "merge-user-courses", .learners = 10000, .units = false};
  kind.make = [](const Size& size, const OptionValues& values, std::uint32_t run) -> std::unique_ptr<Load> {
    return std::make_unique<Merges>(size, values, run);
  };
  return kind;
}

}  // namespace lernd::bench
