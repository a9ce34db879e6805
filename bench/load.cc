#include "load.h"

#include <fmt/format.h>

namespace lernd::bench {

demo::Course make_course(const Load& load) {
  demo::Course course{.id = "do_31310287978188800014457", .batch_id = "0131029098223779842", .title = "Bench"};
  for (std::size_t unit = 0; unit < load.units; ++unit) course.units.push_back(fmt::format("do_313102879781888001{:05}", unit));
  for (std::size_t i = 0; i < load.contents; ++i) {
    course.contents.push_back({.id = fmt::format("do_313102879781888002{:05}", i), .unit_id = course.units[i % load.units]});
  }
  return course;
}

std::string_view user_prefix(Learners kind) {
  switch (kind) {
    case Learners::idle:
      return "1d1e0000-0000-4000-8000-";
    case Learners::limit:
      return "71317000-0000-4000-8000-";
    case Learners::backlog:
      break;
  }
  return "bac10600-0000-4000-8000-";
}

std::string user_id(Learners kind, std::size_t index) { return fmt::format("{}{:012}", user_prefix(kind), index); }

bool has_finished(std::size_t index) { return index % 2 == 0; }

std::size_t finished_contents(const Load& load, std::size_t index) { return has_finished(index) ? load.contents : load.contents / 2; }

demo::Enrolment make_enrolment(const demo::Course& course, Learners kind, std::size_t index) {
  // The events sent one by one must all show in the output.
  const bool all = kind == Learners::idle || has_finished(index);
  demo::Enrolment enrolment{.user_id = user_id(kind, index)};
  for (std::size_t i = 0; i < course.contents.size(); ++i) enrolment.contents.emplace_back(course.contents[i].id, all || i % 2 == 1 ? 2 : 1);
  return enrolment;
}

std::string sync_request(const demo::Course& course, const std::string& user) {
  return fmt::format(R"({{"eid":"BE_JOB_REQUEST","ets":1683556693275,"mid":"LP.1683556693275.{1}","actor":{{"id":"Course Batch Updater","type":"System"}},)"
                     R"("context":{{"pdata":{{"ver":"1.0","id":"org.sunbird.platform"}}}},"object":{{"id":"{2}_{1}","type":"CourseBatchEnrolment"}},)"
                     R"("edata":{{"action":"user-enrolment-sync","iteration":1,"batchId":"{2}","userId":"{1}","courseId":"{0}"}}}})",
                     course.id, user, course.batch_id);
}

}  // namespace lernd::bench
