#include "jobs/user_cache_updater/options.h"

#include <algorithm>

#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

const Settings kNowhere = {{"user-read.api.url", "/learner/private/user/v1/read"}, {"service.userorg.basePath", ""}, {"service.taxonomy.basePath", ""}};

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

TEST(Options, APathStandsBehindTheBase) {
  EXPECT_EQ(options_of({{"user-read.api.url", "/a/read"}, {"service.userorg.basePath", "h:1/x/"}}).user_url, "http://h:1/x/a/read/");
  EXPECT_EQ(options_of({{"user-read.api.url", "https://h/a/read"}, {"service.userorg.basePath", "h:1"}}).user_url, "https://h/a/read/");
  EXPECT_EQ(options_of(categories({{"user_read_api", "a/read"}, {"service.userorg.basePath", "h:1"}})).user_url, "http://h:1/a/read/");
  EXPECT_EQ(options_of(categories()).framework_url, "http://frameworks/read/");
}

TEST(Options, APathWithoutABaseIsAFaultThatNamesBothKeys) {
  const auto faults = check(values_of(kNowhere));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].option, "user-read.api.url");
  for (const std::string key : {"user-read.api.url", "service.userorg.basePath"}) EXPECT_NE(faults[0].what.find(key), std::string::npos) << faults[0].what;
  EXPECT_TRUE(check(values_of(with(kNowhere, {{"service.userorg.basePath", "h"}}))).empty());
  EXPECT_TRUE(check(values_of(with(kNowhere, {{"user-read.api.url", "http://h/read/"}}))).empty());
}

TEST(Options, CategoriesNeedBothServices) {
  EXPECT_EQ(check(values_of(with(kNowhere, categories()))).size(), 2u);
  EXPECT_TRUE(check(values_of(categories())).empty());
}

TEST(Options, TheServicesThatAreCalled) {
  const auto options_named = [](const Settings& settings) {
    std::vector<std::string> names;
    for (const ServiceUse& service : services(values_of(settings))) names.push_back(service.url_option);
    return names;
  };
  EXPECT_EQ(options_named({}), std::vector<std::string>{"user-read.api.url"});
  EXPECT_EQ(options_named({{"user-read.api.url", "/a"}}), std::vector<std::string>{"service.userorg.basePath"});
  EXPECT_EQ(options_named(categories()), (std::vector<std::string>{"service.userorg.basePath", "service.taxonomy.basePath"}));
}

TEST(Options, AnAddressHasNoBlanks) {
  const auto table = option_table();
  const auto url = std::ranges::find(table, "user-read.api.url", &Option::name);
  ASSERT_NE(url, table.end());
  for (const std::string good : {"/a/b", "http://h/a/"}) EXPECT_EQ(url->check(good), "");
  for (const std::string bad : {"", "/a b", "http://h/ "}) EXPECT_NE(url->check(bad), "");
}

}  // namespace
}  // namespace lernd::user_cache_updater
