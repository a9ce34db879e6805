#include "integration/vectors.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "conformance/temporary_folder.h"
#include "integration/program.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

Finished test_cases(std::vector<std::string> words, std::vector<std::string> cases) {
  words.insert(words.begin(), "test");
  words.insert(words.end(), cases.begin(), cases.end());
  // On real services a case takes seconds on a busy machine.
  return lernd(std::move(words), std::chrono::seconds(390));
}

std::size_t count_case_files(const std::string& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) count += entry.path().extension() == ".json" ? 1 : 0;
  return count;
}

}  // namespace

nlohmann::json case_named(const std::string& job, const std::string& name) {
  return nlohmann::json::parse(std::ifstream(std::string(LERND_CASES) + "/" + job + "/" + name + ".json"));
}

std::vector<std::string> jobs_with_cases() {
  std::vector<std::string> jobs;
  for (const JobDescription& job : all_jobs()) jobs.push_back(job.name);
  return jobs;
}

void expect_vectors_pass(const std::string& job, const std::vector<std::string>& words) {
  const std::string cases = std::string(LERND_CASES) + "/" + job;
  const std::size_t count = count_case_files(cases);
  ASSERT_GE(count, 1u) << "no case files, no proof";
  const auto all = test_cases(words, {cases});
  EXPECT_EQ(all.code, 0) << all.out << all.err;
  EXPECT_EQ(lines_with(all.out, "ok    ").size(), count) << all.out;
  EXPECT_TRUE(all.out.ends_with(std::to_string(count) + " passed, 0 failed\n")) << all.out;
  std::cout << job << ": " << lines_with(all.out, " passed, ").at(0) << "\n";
}

void expect_a_wrong_vector_fails(const std::vector<std::string>& words) {
  const TemporaryFolder folder;
  auto wrong = case_named("enrolment-reconciliation", "03-full-completion");
  wrong["expect"]["tables"]["sunbird_courses.user_enrolments"][0]["progress"] = 3;
  std::ofstream(folder.file("wrong.json")) << wrong;
  const auto one = test_cases(words, {folder.file("wrong.json"), std::string(LERND_CASES) + "/enrolment-reconciliation/01-seed-sample-event.json"});
  EXPECT_EQ(one.code, 1);
  EXPECT_EQ(lines_with(one.out, "FAIL  03-full-completion").size(), 1u) << one.out;
  EXPECT_TRUE(one.out.contains(" progress\n    expected  3\n    found     2\n")) << one.out;
  EXPECT_TRUE(one.out.ends_with("1 passed, 1 failed\n")) << one.out;
}

}  // namespace lernd
