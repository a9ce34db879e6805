#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lernd {

/// A case file of the repository, by job and name.
nlohmann::json case_named(const std::string& job, const std::string& name);

/// All jobs: each has case files.
std::vector<std::string> jobs_with_cases();

/// Fails the running test unless `lernd test` with these words passes every case file of a job and counts them.
void expect_vectors_pass(const std::string& job, const std::vector<std::string>& words);

/// Fails the running test unless `lernd test` with these words tells of a case that is wrong among others.
void expect_a_wrong_vector_fails(const std::vector<std::string>& words);

}  // namespace lernd
