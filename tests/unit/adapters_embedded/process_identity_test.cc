#include "adapters/embedded/process_identity.h"

#include <gtest/gtest.h>

#include "unit/adapters_embedded/forked_child.h"

namespace lernd::embedded {
namespace {

TEST(ProcessIdentityTest, ThisProcessHasNotEnded) {
  EXPECT_EQ(own_process(), own_process());
  EXPECT_FALSE(has_ended(own_process()));
}

TEST(ProcessIdentityTest, AProcessHasEndedOnceItWasKilled) {
  ForkedChild child([](const auto& tell) { tell(own_process()); });
  const std::string identity = child.wait_until_done();
  EXPECT_NE(identity, own_process());
  EXPECT_FALSE(has_ended(identity));
  child.kill();
  EXPECT_TRUE(has_ended(identity)) << "also while nobody has asked for its exit code";
  child.reap();
  EXPECT_TRUE(has_ended(identity));
}

TEST(ProcessIdentityTest, AnotherProcessOfTheSameNumberIsAnother) {
  const std::string own = own_process();
  EXPECT_TRUE(has_ended(own.substr(0, own.rfind('-')) + "-1"));
}

TEST(ProcessIdentityTest, WhatCannotBeSeenFromHereHasNotEnded) {
  EXPECT_FALSE(has_ended("1-999999999-1")) << "another name space of process ids";
  for (const char* text : {"", "x", "1-2", "a-b-c", "--"}) EXPECT_FALSE(has_ended(text)) << text;
  const std::string own = own_process();
  EXPECT_FALSE(has_ended(own.substr(0, own.find('-')) + "-nonsense-1"));
}

}  // namespace
}  // namespace lernd::embedded
