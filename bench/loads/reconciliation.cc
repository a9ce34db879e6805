#include "loads/reconciliation.h"

#include <fmt/format.h>

#include "loads/kinds.h"

namespace lernd::bench {
namespace {

class Reconciliation final : public Load {
 public:
  Reconciliation(const Size& size, const OptionValues& values, std::uint32_t run)
      : course_(make_course(size, run)), cache_{"redis", static_cast<int>(values.integer("redis.database.relationCache.id"))}, rows_(course_, values) {}

  Stock shared() const override { return {.rows = {}, .keys = relation_sets(course_, cache_)}; }

  Stock before(Part part, std::size_t item) const override { return {.rows = rows_.stock(enrolment(part, item), 1), .keys = {}}; }

  std::string event(Part part, std::size_t item, std::size_t) const override { return sync_request(course_, user_id(part, item)); }

  Findings after(Part part, std::size_t item, std::size_t) const override {
    Findings findings;
    rows_.append_findings(enrolment(part, item), findings);
    return findings;
  }

  /// Who is complete is so once.
  std::vector<Outputs> outputs(Part part, std::size_t item, std::size_t rounds) const override {
    const std::size_t records = rounds > 0 && has_finished(part, item) ? 1 : 0;
    return {{"kafka.output.audit.topic", records}, {"kafka.output.certissue.topic", records}, {"kafka.output.failed.topic", 0}};
  }

 private:
  // The events sent one by one must all show in the output.
  static bool has_finished(Part part, std::size_t item) { return part == Part::idle || item % 2 == 0; }

  Enrolment enrolment(Part part, std::size_t item) const {
    Enrolment enrolment{.user_id = user_id(part, item), .finished = {}};
    for (std::size_t i = 0; i < course_.contents.size(); ++i) enrolment.finished.push_back(has_finished(part, item) || i % 2 == 1);
    return enrolment;
  }

  const Course course_;
  const CacheId cache_;
  const ProgressRows rows_;
};

}  // namespace

std::string sync_request(const Course& course, const std::string& user_id) {
  return fmt::format(R"({{"eid":"BE_JOB_REQUEST","ets":1683556693275,"mid":"LP.1683556693275.{1}","actor":{{"id":"Course Batch Updater","type":"System"}},)"
                     R"("context":{{"pdata":{{"ver":"1.0","id":"org.sunbird.platform"}}}},"object":{{"id":"{2}_{1}","type":"CourseBatchEnrolment"}},)"
                     R"("edata":{{"action":"user-enrolment-sync","iteration":1,"batchId":"{2}","userId":"{1}","courseId":"{0}"}}}})",
                     course.id, user_id, course.batch_id);
}

LoadKind reconciliation_kind() {
  LoadKind kind{.name = "reconciliation", .job = "enrolment-reconciliation", .learners = 20000};
  kind.make = [](const Size& size, const OptionValues& values, std::uint32_t run) -> std::unique_ptr<Load> {
    return std::make_unique<Reconciliation>(size, values, run);
  };
  return kind;
}

}  // namespace lernd::bench
