#include "app/demo/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>

#include "core/json.h"

namespace lernd::demo {
namespace {

constexpr std::size_t kLostOneIn = 5;

/// The envelope that all requests to jobs have. `append_edata` writes the members that follow the action.
template <class AppendEdata>
std::string job_request(std::size_t number, std::string_view object, std::string_view type, std::string_view action, AppendEdata append_edata) {
  constexpr std::int64_t kSampleTime = 1683556693275;
  const auto time = kSampleTime + static_cast<std::int64_t>(number);
  std::string body;
  JsonWriter json(body);
  json.open_object().name("eid").text("BE_JOB_REQUEST").name("ets").integer(time);
  json.name("mid").text(fmt::format("LP.{}.00000000-0000-4000-8000-{:012x}", time, number));
  json.name("actor").open_object().name("id").text("Course Batch Updater").name("type").text("System").close_object();
  json.name("context").open_object().name("pdata").open_object().name("ver").text("1.0").name("id").text("org.sunbird.platform").close_object().close_object();
  json.name("object").open_object().name("id").text(object).name("type").text(type).close_object();
  json.name("edata").open_object().name("action").text(action).name("iteration").integer(1);
  append_edata(json);
  json.close_object().close_object();
  return body;
}

/// A request about one enrolment.
template <class AppendEdata>
std::string enrolment_request(std::size_t number, const School& school, const Enrolment& enrolment, std::string_view action, AppendEdata append_edata) {
  const Course& course = school.courses[enrolment.course];
  return job_request(number, course.batch_id + "_" + enrolment.user_id, "CourseBatchEnrolment", action, [&](JsonWriter& json) {
    json.name("batchId").text(course.batch_id).name("userId").text(enrolment.user_id).name("courseId").text(course.id);
    append_edata(json);
  });
}

std::string sync_request(std::size_t number, const School& school, const Enrolment& enrolment) {
  return enrolment_request(number, school, enrolment, "user-enrolment-sync", [](JsonWriter&) {});
}

}  // namespace

std::vector<std::string> publish_messages(const School& school) {
  std::vector<std::string> messages;
  for (const Course& course : school.courses) {
    messages.push_back(job_request(messages.size(), course.id, "Content", "post-publish-process", [&](JsonWriter& json) {
      json.name("identifier").text(course.id).name("mimeType").text("application/vnd.ekstep.content-collection").name("contentType").text("Course");
    }));
  }
  return messages;
}

std::vector<std::string> progress_messages(const School& school, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> messages;
  for (const Enrolment& enrolment : school.enrolments) {
    const bool finished_any = std::ranges::any_of(enrolment.contents, [](const auto& content) { return content.second == 2; });
    if (!finished_any || random() % kLostOneIn == 0) continue;
    messages.push_back(enrolment_request(messages.size(), school, enrolment, "batch-enrolment-update", [&](JsonWriter& json) {
      json.name("contents").open_array();
      for (const auto& [content, status] : enrolment.contents) {
        json.open_object().name("contentId").text(content).name("status").integer(status).close_object();
      }
      json.close_array();
    }));
  }
  return messages;
}

std::vector<std::string> merge_requests(const School& school) {
  std::vector<std::string> requests;
  for (const Merge& merge : school.merges) {
    requests.push_back(job_request(requests.size(), merge.from, "User", "merge-user-courses-and-cert",
                                   [&](JsonWriter& json) { json.name("fromAccountId").text(merge.from).name("toAccountId").text(merge.to); }));
  }
  return requests;
}

std::vector<std::string> sync_requests(const School& school, std::size_t count, std::uint64_t seed) {
  std::set<std::string_view> merged;
  for (const Merge& merge : school.merges) merged.insert(merge.from);
  std::vector<const Enrolment*> enrolments;
  for (const Enrolment& enrolment : school.enrolments) {
    if (!merged.contains(enrolment.user_id)) enrolments.push_back(&enrolment);
  }
  std::mt19937_64 random(seed);
  std::vector<std::string> requests{sync_request(0, school, *enrolments.front())};
  for (std::size_t i = 1; i <= count; ++i) requests.push_back(sync_request(i, school, *enrolments[random() % enrolments.size()]));
  return requests;
}

}  // namespace lernd::demo
