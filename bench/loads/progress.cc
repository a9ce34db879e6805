#include <fmt/format.h>

#include "core/md5.h"
#include "loads/course.h"
#include "loads/kinds.h"
#include "support/must.h"

namespace lernd::bench {
namespace {

class Progress final : public Load {
 public:
  Progress(const Size& size, const OptionValues& values, std::uint32_t run)
      : course_(make_course(size, run)),
        sets_{"redis", static_cast<int>(values.integer("redis.database.relationCache.id"))},
        fingerprints_{"dedup-redis", static_cast<int>(values.integer("dedup-redis.database.index"))},
        rows_(course_, values) {}

  Stock shared() const override { return {.rows = {}, .keys = relation_sets(course_, sets_)}; }

  Stock before(Part part, std::size_t item) const override { return {.rows = rows_.stock(enrolment(part, item), 0), .keys = {}}; }

  std::string event(Part part, std::size_t item, std::size_t round) const override {
    return fmt::format(
        R"({{"eid":"BE_JOB_REQUEST","ets":1683556693275,"mid":"LP.1683556693275.{1}-{4}","actor":{{"id":"Course Batch Updater","type":"System"}},)"
        R"("context":{{"pdata":{{"ver":"1.0","id":"org.sunbird.platform"}}}},"object":{{"id":"{2}_{1}","type":"CourseBatchEnrolment"}},)"
        R"("edata":{{"contents":[{{"contentId":"{3}","status":2}}],"action":"batch-enrolment-update","iteration":1,)"
        R"("batchId":"{2}","userId":"{1}","courseId":"{0}"}}}})",
        course_.id, user_id(part, item), course_.batch_id, course_.contents[round], round);
  }

  Findings after(Part part, std::size_t item, std::size_t rounds) const override {
    const Enrolment learner = enrolment(part, item);
    Findings findings;
    RowsQuery query = rows_.contents_query(learner, {"contentid", "viewcount", "completedcount"});
    Rows rows(query.columns);
    for (std::size_t i = 0; i < course_.contents.size(); ++i) rows.add({course_.contents[i], i < rounds ? 1 : 0, i < rounds ? 1 : 0});
    findings.rows.emplace_back(std::move(query), std::move(rows));
    rows_.append_findings(learner, findings);
    for (std::size_t i = 0; i < rounds; ++i) {
      const auto text = fmt::format("{}|{}|{}|{}|2", course_.id, course_.batch_id, learner.user_id, course_.contents[i]);
      findings.keys.emplace_back(CacheQuery{.cache = fingerprints_, .kind = CacheKind::text, .key = must(md5_hex(text))}, CacheValue{.text = ""});
    }
    return findings;
  }

  /// Of each content that it was started and that it was completed, and of the enrolment once that it is complete.
  std::vector<Outputs> outputs(Part part, std::size_t item, std::size_t rounds) const override {
    const std::size_t completions = rounds > 0 && has_finished(part, item) ? 1 : 0;
    return {{"kafka.output.audit.topic", 2 * rounds + completions}, {"kafka.output.certissue.topic", completions}, {"kafka.output.failed.topic", 0}};
  }

 private:
  static bool has_finished(Part part, std::size_t item) { return part == Part::idle || item % 2 == 0; }

  /// No message is about the last content, so that it never counts as finished where it is not.
  Enrolment enrolment(Part part, std::size_t item) const {
    Enrolment enrolment{.user_id = user_id(part, item), .finished = std::vector<bool>(course_.contents.size(), true)};
    enrolment.finished.back() = has_finished(part, item);
    return enrolment;
  }

  const Course course_;
  const CacheId sets_;
  const CacheId fingerprints_;
  const ProgressRows rows_;
};

}  // namespace

LoadKind progress_kind() {
  LoadKind kind{.name = "progress", .job = "activity-aggregate-updater", .learners = 20000, .contents_min = 2};
  kind.rounds_max = [](const Size& size) { return size.contents - 1; };
  kind.make = [](const Size& size, const OptionValues& values, std::uint32_t run) -> std::unique_ptr<Load> {
    return std::make_unique<Progress>(size, values, run);
  };
  return kind;
}

}  // namespace lernd::bench
