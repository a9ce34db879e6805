#include "app/job_setup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "jobs/registry.h"

namespace lernd {
namespace {

const std::string kJob = "enrolment-reconciliation";

class JobSetupTest : public testing::Test {
 protected:
  ~JobSetupTest() override { std::filesystem::remove(path_); }

  std::string file(const std::string& text) {
    std::ofstream(path_) << text;
    return path_;
  }

  std::string path_ = (std::filesystem::temp_directory_path() / ("lernd-setup-" + std::to_string(::getpid()) + ".conf")).string();
};

TEST_F(JobSetupTest, WithoutAFileEverythingHasItsDefault) {
  const auto setups = set_up_jobs({.jobs = {kJob}});
  EXPECT_TRUE(setups.faults.empty());
  ASSERT_EQ(setups.jobs.size(), 1u);
  EXPECT_EQ(setups.jobs[0].values.text("kafka.groupId"), "local-enrolment-reconciliation-group");
}

TEST_F(JobSetupTest, FilesAndSetsMayBeForOneJob) {
  const auto path = file("redis.port = 1\n");
  for (const auto& config : {path, kJob + "=" + path}) {
    for (const auto& set : {std::string("redis.host=h=1"), kJob + ":redis.host=h=1"}) {
      const auto setups = set_up_jobs({.jobs = {kJob}, .configs = {config}, .sets = {set}});
      EXPECT_TRUE(setups.faults.empty()) << setups.faults.front().text();
      EXPECT_EQ(setups.jobs.at(0).values.integer("redis.port"), 1);
      EXPECT_EQ(setups.jobs.at(0).values.text("redis.host"), "h=1");
    }
  }
}

TEST_F(JobSetupTest, ShortFormsSetTheirOptions) {
  const auto setups = set_up_jobs({.jobs = {kJob}, .embedded = "x.sqlite", .admin = "off"});
  EXPECT_EQ(setups.jobs.at(0).values.text("lernd.embedded.file"), "x.sqlite");
  EXPECT_EQ(setups.jobs.at(0).values.text("lernd.admin.address"), "off");
}

TEST_F(JobSetupTest, EverythingWrongIsReportedAtOnce) {
  const auto path = file("redis.port = none\nlernd.worker = 2\nkafka.groupid = g\n");
  const auto setups = set_up_jobs({.jobs = {kJob, kJob, "no-such-job"}, .configs = {path, path}, .sets = {"nonsense"}});
  std::vector<std::string> texts;
  for (const auto& fault : setups.faults) texts.push_back(fault.text());
  ASSERT_EQ(texts.size(), 6u);
  EXPECT_NE(texts[0].find("is named twice"), std::string::npos);
  EXPECT_NE(texts[1].find("there is no job no-such-job"), std::string::npos);
  EXPECT_NE(texts[2].find("a second file"), std::string::npos);
  EXPECT_NE(texts[3].find("no key=value"), std::string::npos);
  EXPECT_NE(texts[4].find("redis.port"), std::string::npos);
  EXPECT_NE(texts[5].find(":2: nothing is known by the name lernd.worker; did you mean lernd.workers?"), std::string::npos) << texts[5];
  ASSERT_EQ(setups.unknown.size(), 1u);
  EXPECT_EQ(setups.unknown[0].key, "kafka.groupid");
}

TEST_F(JobSetupTest, OptionsForAJobThatIsNotNamedAreAFault) { EXPECT_EQ(set_up_jobs({.jobs = {}, .sets = {kJob + ":redis.port=1"}}).faults.size(), 1u); }

TEST_F(JobSetupTest, AFaultOfADefaultNamesTheJob) {
  const auto setups = set_up_jobs({.jobs = {kJob, "merge-user-courses"}});
  ASSERT_EQ(setups.faults.size(), 1u);
  EXPECT_EQ(setups.faults[0].text(), "merge-user-courses: kafka.groupId is empty; name one, in the file or with --set kafka.groupId=NAME");
}

TEST_F(JobSetupTest, AJobMayBeCalledByItsOtherName) {
  const std::string alias = "user-cache-updater-2.0";
  const auto path = file("user-read.api.url = \"http://users/read/\"\nredis-meta.port = 1\n");
  const auto setups = set_up_jobs({.jobs = {alias}, .configs = {alias + "=" + path}, .sets = {alias + ":redis-meta.host=h"}});
  ASSERT_TRUE(setups.faults.empty()) << setups.faults.front().text();
  EXPECT_TRUE(setups.unknown.empty());
  ASSERT_EQ(setups.jobs.size(), 1u);
  EXPECT_EQ(setups.jobs[0].job->name, "user-cache-updater");
  EXPECT_EQ(setups.jobs[0].values.integer("redis-meta.port"), 1);
  EXPECT_EQ(setups.jobs[0].values.text("redis-meta.host"), "h");
  EXPECT_EQ(set_up_jobs({.jobs = {alias, "user-cache-updater"}, .sets = {"user-read.api.url=http://users/"}}).faults.size(), 1u) << "named twice";
}

TEST_F(JobSetupTest, OptionsThatDoNotGoTogetherAreAFault) {
  const auto alone = set_up_jobs({.jobs = {"user-cache-updater"}});
  ASSERT_EQ(alone.faults.size(), 1u);
  EXPECT_EQ(alone.faults[0].text(),
            "user-cache-updater: user-read.api.url = \"/learner/private/user/v1/read\" names no host, and service.userorg.basePath is not set; set "
            "service.userorg.basePath to the address of the user service, or user-read.api.url to a whole URL");
  const auto path = file("user-read.api.url = \"/read\"\n");
  EXPECT_EQ(set_up_jobs({.jobs = {"user-cache-updater"}, .configs = {path}}).faults.at(0).where, path + ":1");
  EXPECT_TRUE(set_up_jobs({.jobs = {"user-cache-updater"}, .configs = {path}, .sets = {"service.userorg.basePath=h:1"}}).faults.empty());
  EXPECT_TRUE(set_up_jobs({.jobs = {"user-cache-updater"}, .sets = {"service.userorg.basePath=h", "service.taxonomy.basePath="}}).faults.empty())
      << "an address without a default may be empty";
}

TEST_F(JobSetupTest, TheBrokersMayHaveTheirOlderName) {
  const auto path = file("kafka.consumer.broker-servers = \"h:1\"\n");
  EXPECT_EQ(set_up_jobs({.jobs = {kJob}, .configs = {path}}).jobs.at(0).values.text("kafka.broker-servers"), "h:1");
}

TEST_F(JobSetupTest, AMissingFileIsAFault) {
  const auto setups = set_up_jobs({.jobs = {kJob}, .configs = {"/nowhere/job.conf"}});
  ASSERT_EQ(setups.faults.size(), 1u);
  EXPECT_NE(setups.faults[0].text().find("/nowhere/job.conf"), std::string::npos);
}

}  // namespace
}  // namespace lernd
