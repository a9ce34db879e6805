// For caches behind a server: it went away and came back.
#include "conformance/cache_suite.h"

namespace lernd {
namespace {

TEST_P(CacheSuite, TheCacheFindsItsServerAgain) {
  ASSERT_TRUE(ok(cache_->ping()));
  ASSERT_NO_FATAL_FAILURE(backend_->restart());
  // What fails until the connection is back must say that it may pass.
  ASSERT_TRUE(eventually([&] {
    const auto written = write({put_text("k", "after")});
    EXPECT_TRUE(written || failed(written, Treatment::retry));
    return written.has_value() || HasFailure();
  }));
  EXPECT_EQ(value(CacheKind::text, "k"), text_value("after"));
}

}  // namespace
}  // namespace lernd
