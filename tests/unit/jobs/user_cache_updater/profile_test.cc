#include "jobs/user_cache_updater/profile.h"

#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Json = nlohmann::json;

Fields fields_of(const Json& profile, Layout layout = Layout::bmgs, const std::vector<std::string>& categories = {}) {
  const std::string text = profile.dump();
  const auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document);
  return fields_of_profile(document->root(), layout, categories);
}

const Fields kNobody = {{"firstname", ""}, {"lastname", ""}, {"phone", ""},   {"email", ""},
                        {"rootorgid", ""}, {"userid", ""},   {"orgname", ""}, {"language", ""}};

Fields nobody_with(const Fields& more) {
  Fields fields = more;
  fields.insert(kNobody.begin(), kNobody.end());
  return fields;
}

TEST(Profile, PersonalFieldsAreAlwaysThere) {
  EXPECT_EQ(fields_of(Json::object()), kNobody);
  EXPECT_EQ(fields_of({{"firstName", "A [b]"},
                       {"lastName", "C"},
                       {"encEmail", "e"},
                       {"encPhone", "p"},
                       {"rootOrgId", "r"},
                       {"userId", "u"},
                       {"rootOrg", {{"orgName", "o"}}},
                       {"language", {"English", "[x]"}},
                       {"email", "plain"},
                       {"phone", "plain"},
                       {"status", 1}}),
            (Fields{{"firstname", "A \\[b\\]"},
                    {"lastname", "C"},
                    {"email", "e"},
                    {"phone", "p"},
                    {"rootorgid", "r"},
                    {"userid", "u"},
                    {"orgname", "o"},
                    {"language", R"(["English","[x]"])"}}));
}

TEST(Profile, PartsOfAnotherTypeAreAbsent) {
  for (const Json& odd : {Json(), Json(7), Json(true), Json::object()}) {
    EXPECT_EQ(fields_of({{"firstName", odd}, {"rootOrg", odd}, {"language", odd}, {"userLocations", odd}, {"profileUserTypes", odd}, {"framework", odd}}),
              kNobody)
        << odd;
  }
}

TEST(Profile, StatusIsOfTheLaterLayout) {
  EXPECT_EQ(fields_of({{"status", 1}}, Layout::categories).at("status"), "1.0");
  EXPECT_EQ(fields_of({{"status", 0.0}}, Layout::categories).at("status"), "0.0");
  EXPECT_EQ(fields_of({{"status", "1"}}, Layout::categories).at("status"), "");
  EXPECT_FALSE(fields_of({{"status", 1}}).contains("status"));
}

TEST(Profile, LocationsAreFieldsOfTheirTypes) {
  const Json locations = {{{"type", "state"}, {"name", "N"}, {"code", "1"}},
                          {{"type", "State"}, {"name", "M"}},
                          {{"type", "SCHOOL"}, {"name", "S"}, {"code", "9"}},
                          {{"type", "panchayat"}},
                          {{"name", "x"}},
                          {{"type", ""}, {"name", "x"}},
                          {{"type", nullptr}, {"name", "x"}},
                          {{"type", "state"}, {"name", "N2"}},
                          nullptr,
                          "block"};
  EXPECT_EQ(fields_of({{"userLocations", locations}}),
            nobody_with({{"state", "N2"}, {"State", "M"}, {"schoolname", "S"}, {"schooludisecode", "9"}, {"panchayat", ""}}));
}

TEST(Profile, OfSeveralSchoolsTheLastCounts) {
  const Json locations = {{{"type", "school"}, {"name", "A"}, {"code", "1"}}, {{"type", "School"}, {"name", "B"}}};
  EXPECT_EQ(fields_of({{"userLocations", locations}}), nobody_with({{"schoolname", "B"}, {"schooludisecode", ""}}));
}

TEST(Profile, ALocationCannotTakeAPersonalField) {
  EXPECT_EQ(fields_of({{"firstName", "A"}, {"userLocations", {{{"type", "firstname"}, {"name", "x"}}}}}).at("firstname"), "A");
}

TEST(Profile, UserTypesOnceEach) {
  const Json types = {{{"type", "b"}, {"subType", "y"}}, {{"type", "a"}}, {{"type", "b"}, {"subType", ""}},
                      {{"type", ""}, {"subType", "x"}},  nullptr,         {{"type", 7}}};
  EXPECT_EQ(fields_of({{"profileUserTypes", types}}),
            nobody_with({{"usertype", "b,a"},
                         {"usersubtype", "y,x"},
                         {"profileusertypes", R"(\[{"subType":"y","type":"b"},{"type":"a"},{"subType":"","type":"b"},{"subType":"x","type":""},null,{}\])"}}));
  for (const Json& none : {Json::array(), Json("teacher"), Json::array({"teacher", 7})}) EXPECT_EQ(fields_of({{"profileUserTypes", none}}), kNobody) << none;
}

TEST(Profile, AFrameworkGivesAllFiveFieldsOrNone) {
  EXPECT_EQ(fields_of({{"framework", {{"id", {"f[1]", "g"}}, {"board", {"b"}}, {"medium", {"m", nullptr}}, {"gradeLevel", {"1"}}, {"subject", "s"}}}}),
            nobody_with({{"framework", "f\\[1\\]"}, {"board", "b"}, {"medium", R"(["m",null])"}, {"grade", R"(["1"])"}, {"subject", R"(["s"])"}}));
  EXPECT_EQ(fields_of({{"framework", {{"other", 1}}}}), nobody_with({{"framework", ""}, {"board", ""}, {"medium", "[]"}, {"grade", "[]"}, {"subject", "[]"}}));
  EXPECT_EQ(fields_of({{"framework", {{"id", "f"}, {"board", Json::array()}}}}).at("framework"), "f");
  for (const Json& none : {Json::object(), Json{{"id", nullptr}}, Json(), Json("f")}) EXPECT_EQ(fields_of({{"framework", none}}), kNobody) << none;
}

TEST(Profile, AFrameworkByItsCategories) {
  const Json profile = {
      {"framework", {{"id", {"f"}}, {"board", {"b"}}, {"gradeLevel", {"1", "2"}}, {"medium", Json::array()}, {"subject", "s"}, {"topic", {"t"}}}}};
  EXPECT_EQ(fields_of(profile, Layout::categories, {"board", "gradeLevel", "medium", "subject", "nothing"}),
            nobody_with({{"status", ""},
                         {"framework_id", "f"},
                         {"framework_board", R"(["b"])"},
                         {"framework_gradeLevel", R"(["1","2"])"},
                         {"framework_subject", R"(["s"])"}}));
  for (const Json& id : {Json(), Json::array(), Json::array({nullptr}), Json(""), Json::object()}) {
    EXPECT_EQ(fields_of({{"framework", {{"id", id}, {"board", {"b"}}}}}, Layout::categories, {"board"}), nobody_with({{"status", ""}})) << id;
  }
}

}  // namespace
}  // namespace lernd::user_cache_updater
