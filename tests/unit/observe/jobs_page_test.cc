#include "adapters/observe/jobs_page.h"

#include <gtest/gtest.h>

#include "core/json.h"

namespace lernd {
namespace {

JobView view_of(std::string job) {
  JobView view;
  view.job = std::move(job);
  view.partitions = {{.source = {"topic", 0}, .lag = 1234567, .paused = false, .stopped = false},
                     {.source = {"topic", 1}, .lag = 0, .paused = false, .stopped = false}};
  view.records_done = 42;
  view.records_per_second = 157.4;
  return view;
}

std::string state_in_json(const JobView& view) {
  const auto document = JsonDocument::parse(jobs_json(std::span(&view, 1)));
  return std::string(*document->root().items().at(0).find("state")->text());
}

TEST(JobsPage, JsonHoldsWhatIsKnownOfAJob) {
  const JobView view = view_of("enrolment-reconciliation");
  EXPECT_EQ(jobs_json(std::span(&view, 1)),
            R"([{"job":"enrolment-reconciliation","state":"running","lag":1234567,"records_done":42,"records_per_second":157.4,"last_error":"",)"
            R"("partitions":[{"topic":"topic","partition":0,"lag":1234567,"state":"running"},{"topic":"topic","partition":1,"lag":0,"state":"running"}]}])");
  EXPECT_EQ(jobs_json({}), "[]");
}

TEST(JobsPage, StateIsTheWorstOfItsParts) {
  JobView view = view_of("job");
  EXPECT_EQ(state_in_json(view), "running");
  view.partitions[1].paused = true;
  EXPECT_EQ(state_in_json(view), "waiting");
  view.partitions[0].stopped = true;
  EXPECT_EQ(state_in_json(view), "stopped");
  view = view_of("job");
  view.waiting_for_service = true;
  EXPECT_EQ(state_in_json(view), "waiting");
  view.waiting_for_service = false;
  view.partitions.clear();
  EXPECT_EQ(state_in_json(view), "idle");
}

TEST(JobsPage, ShowsJobsWithoutAScript) {
  const std::vector<JobView> views{view_of("first"), view_of("second")};
  const std::string page = jobs_page(jobs_json(views));
  EXPECT_TRUE(page.contains("<h2>first</h2>"));
  EXPECT_TRUE(page.contains("<h2>second</h2>"));
  EXPECT_TRUE(page.contains("1\u202f234\u202f567"));
  EXPECT_TRUE(page.contains("<dd>157<"));
  EXPECT_TRUE(page.contains("width:100.0%"));
  EXPECT_FALSE(page.contains("Last error"));
}

TEST(JobsPage, BarsCompareTheWholePageAndSmallLagsLookSmall) {
  std::vector<JobView> views{view_of("job")};
  views[0].partitions[0].lag = 10;
  EXPECT_TRUE(jobs_page(jobs_json(views)).contains("width:1.0%"));
  views.push_back(view_of("job"));
  views[1].partitions[0].lag = 4000;
  views[1].partitions[1].lag = 2000;
  const std::string page = jobs_page(jobs_json(views));
  EXPECT_TRUE(page.contains("width:0.2%") && page.contains("width:100.0%") && page.contains("width:50.0%"));
}

TEST(JobsPage, TextsAreEscaped) {
  JobView view = view_of("job");
  view.last_error = R"(<script>"&)";
  const std::string page = jobs_page(jobs_json(std::span(&view, 1)));
  EXPECT_TRUE(page.contains("&lt;script&gt;&quot;&amp;"));
}

TEST(JobsPage, FetchesNothingFromElsewhere) {
  const std::string page = jobs_page("[]");
  EXPECT_FALSE(page.contains("http:") || page.contains("https:") || page.contains("src="));
  EXPECT_TRUE(page.contains("No job is running"));
}

TEST(JobsPage, TakesAnyText) {
  for (const auto* json : {"", "nonsense", "{}", "[1]", R"([{"job":7,"partitions":{}}])"}) {
    EXPECT_TRUE(jobs_page(json).ends_with("</html>\n")) << json;
  }
}

}  // namespace
}  // namespace lernd
