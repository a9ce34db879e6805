// What a profile says of a person must show nowhere but in the cache.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/cache_tool/check.h"
#include "app/cache_tool/rebuild.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

using Json = nlohmann::json;

const std::string kMark = "MARKED-";

Json marked_profile() {
  const auto marked = [](const std::string& what) { return kMark + what; };
  return {{"firstName", marked("first")},
          {"lastName", marked("last")},
          {"email", marked("mail")},
          {"encEmail", marked("encmail")},
          {"phone", marked("phone")},
          {"encPhone", marked("encphone")},
          {"userId", marked("id")},
          {"rootOrg", {{"orgName", marked("org")}}},
          {"userLocations", {{{"type", "state"}, {"name", marked("place")}}}},
          {"framework", {{"id", {marked("framework")}}}}};
}

TEST(CachePrivacy, NothingOfAProfileShows) {
  for (const char* layout : {"bmgs", "categories"}) {
    Platform platform(layout);
    platform.add_framework(kMark + "framework", {});
    platform.add("found", Platform::found(marked_profile()));
    platform.add("blocked", Platform::blocked());
    for (const auto& [code, status] :
         std::map<std::string, int>{{"OK", 200}, {"CLIENT_ERROR", 400}, {"RESOURCE_NOT_FOUND", 404}, {"SERVER_ERROR", 500}, {kMark + "code", 500}}) {
      platform.add(std::string("error-") + std::to_string(platform.ids().size()),
                   {.method = "GET",
                    .status = status,
                    .body = Json{{"responseCode", code}, {"params", {{"err", kMark}, {"errmsg", kMark}}}, {"result", {{"other", marked_profile()}}}}.dump()});
    }
    platform.add("garbage", {.method = "GET", .body = kMark});
    platform.settle();
    platform.put_entry("found", {{"state", kMark + "old"}, {"firstname", kMark + "old"}});
    std::ofstream(platform.file("ids.csv")) << "found\n" << kMark << " Rao, Asha\nblocked\nnobody\n";

    Tool tool(platform);
    std::string seen;
    const auto checked = check({.list = platform.file("list.csv")}, tool.world());
    seen += report_text(*checked.report) + report_json(*checked.report) + checked.message;
    for (const bool dry : {true, false}) {
      for (const char* ids : {"", "ids.csv"}) {
        RebuildOptions options{.checkpoint = platform.file("checkpoint"), .dry_run = dry};
        if (*ids != '\0') options.source.id_file = platform.file(ids);
        const auto ended = rebuild(options, tool.world());
        ASSERT_TRUE(ended.report) << ended.message;
        seen += report_text(*ended.report) + ended.message;
      }
    }
    // A run that is interrupted leaves its files behind.
    tool.services.on_cache_write = [&] { tool.stop.request_stop(); };
    RebuildOptions interrupted{.checkpoint = platform.file("interrupted")};
    interrupted.pace = {.count = 1, .time = std::chrono::seconds(1)};
    const auto ended = rebuild(interrupted, tool.world());
    ASSERT_EQ(ended.end, End::stopped);
    seen += report_text(*ended.report) + ended.message;
    for (const auto& text : tool.warnings) seen += text;
    for (const auto& text : tool.shown) seen += text;
    int files = 0;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(platform.path()).parent_path())) {
      const auto name = file.path().filename().string();
      if (name.starts_with("platform.sqlite") || name == "ids.csv") continue;
      ++files;
      std::ifstream in(file.path());
      seen += name + std::string(std::istreambuf_iterator<char>(in), {});
    }
    EXPECT_GE(files, 4);
    EXPECT_TRUE(seen.contains("firstname")) << "names of fields do";
    EXPECT_FALSE(seen.contains(kMark)) << seen;
    EXPECT_FALSE(seen.contains("Asha")) << seen;
    EXPECT_EQ(platform.entries().at("user:found").at("firstname"), kMark + "first");
  }
}

}  // namespace
}  // namespace lernd::cache_tool
