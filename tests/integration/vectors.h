#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lernd {

/// A case file of the repository, by job and name.
nlohmann::json case_named(const std::string& job, const std::string& name);

/// Fails the running test unless `lernd test` with these words passes every case file there is, counts them, and says so when one of them is wrong.
void expect_vectors_pass(const std::vector<std::string>& words);

}  // namespace lernd
