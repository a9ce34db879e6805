#include "sync/object_type.h"

#include <gtest/gtest.h>

namespace lernd::sync {
namespace {

TEST(SyncObjectType, WordsOfPeople) {
  EXPECT_EQ(object_type_named("USER")->name, "user");
  for (const char* word : {"org", "Organization", "organisation", "ORG"}) EXPECT_EQ(object_type_named(word)->name, "organisation") << word;
  EXPECT_EQ(object_type_named("user_course")->keyspace, "sunbird_courses");
  for (const char* word : {"", "usr", "user "}) EXPECT_FALSE(object_type_named(word)) << word;
}

TEST(SyncObjectType, ElementsOfObjectIds) {
  const auto user = *object_type_named("user");
  const auto batch = *object_type_named("batch");
  const auto course = *object_type_named("user_course");
  EXPECT_EQ(element_of(user, "{\"a\":1}"), R"("{\"a\":1}")");
  EXPECT_EQ(element_of(batch, "do_1"), "\"do_1\"");
  EXPECT_EQ(element_of(batch, R"({"courseId":"do_1"})"), R"({"courseId":"do_1"})");
  EXPECT_EQ(line_of(course, "u\"1"), R"({"userId":"u\"1"})");
  EXPECT_EQ(element_of(course, line_of(course, "u1")), R"({"userId":"u1"})");
  EXPECT_EQ(line_of(user, "u1"), "u1");
}

}  // namespace
}  // namespace lernd::sync
