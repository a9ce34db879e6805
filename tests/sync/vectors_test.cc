// The case files of `lernd sync` that need no database, through Sync_run.sh.
#include <gtest/gtest.h>

#include "sync/case_run.h"

namespace lernd::sync {
namespace {

class SyncVectors : public testing::TestWithParam<std::string> {};

TEST_P(SyncVectors, Passes) {
  for (const auto& wrong : CaseRun(load_case(GetParam()), nullptr).play()) ADD_FAILURE() << wrong;
}

INSTANTIATE_TEST_SUITE_P(Cases, SyncVectors, testing::ValuesIn(case_names(false)), [](const auto& name) {
  std::string text = name.param;
  std::ranges::replace(text, '-', '_');
  return text;
});

TEST(SyncVectorsThemselves, AWrongOneFails) {
  auto wrong = load_case("01-id-file-blocks");
  wrong["expect"]["report"]["ids"]["accepted"] = 4;
  wrong["expect"]["http"][1]["body"]["request"]["objectIds"][0] = "x";
  wrong["expect"]["files"]["SyncSuccess_*.log"]["contains"].push_back("not there");
  EXPECT_EQ(CaseRun(wrong, nullptr).play().size(), 3u);
}

TEST(SyncVectorsThemselves, AreThere) { EXPECT_EQ(case_names(false).size() + case_names(true).size(), 12u); }

}  // namespace
}  // namespace lernd::sync
