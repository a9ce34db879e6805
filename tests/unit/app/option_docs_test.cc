#include "app/option_docs.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "jobs/registry.h"

namespace lernd {
namespace {

TEST(OptionDocsTest, ThePageIsThatOfTheTables) {
  std::ifstream in(LERND_CONFIGURATION_PAGE, std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(page == option_docs_markdown()) << "docs/configuration.md is stale; write it anew with `lernd options --markdown > docs/configuration.md`";
}

TEST(OptionDocsTest, EveryJobHasItsOptions) {
  for (const auto& job : all_jobs()) {
    const auto text = option_docs_text(job.name);
    for (const auto& option : job.options) {
      if (option.role == Option::Role::ignored) continue;
      EXPECT_NE(text.find(option.name + " = "), std::string::npos) << option.name;
    }
  }
  EXPECT_EQ(option_docs_text("no-such-job"), "");
}

}  // namespace
}  // namespace lernd
