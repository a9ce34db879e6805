#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "app/demo/school.h"

namespace lernd::bench {

/// What the job under test is given to do: one course, learners who are all enrolled in it and have opened all of its contents, and sync requests.
///
/// Every second learner, the first included, has finished all contents, so each of them must get a certificate request and an audit event. The others have
/// finished every second content, but for the first.
struct Load {
  std::size_t learners = 20000;
  std::size_t events = 20000;  ///< sync requests, learner by learner and then from the first one again
  std::size_t contents = 20;   ///< spread over the units
  std::size_t units = 4;
  int partitions = 1;             ///< of the input topic; the requests of a learner share one
  std::size_t idle_events = 300;  ///< sent one by one afterwards
};

/// Learners that do not meet each other: of the backlog, of the events sent one by one, and of the driver limit.
enum class Learners { backlog, idle, limit };

demo::Course make_course(const Load& load);
/// `{prefix}{index:012}`, as long as the ids of a platform.
std::string_view user_prefix(Learners kind);
std::string user_id(Learners kind, std::size_t index);
bool has_finished(std::size_t index);
/// Number of contents a learner has finished.
std::size_t finished_contents(const Load& load, std::size_t index);
demo::Enrolment make_enrolment(const demo::Course& course, Learners kind, std::size_t index);
/// The input event for a learner.
std::string sync_request(const demo::Course& course, const std::string& user);

}  // namespace lernd::bench
