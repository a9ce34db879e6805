// Caches on a Redis server of their own.
#include "adapters/redis/redis_cache.h"
#include "conformance/cache_suite.h"
#include "conformance/redis_server.h"

namespace lernd {
namespace {

class RedisCaches final : public CacheBackend {
 public:
  std::unique_ptr<Cache> open() override { return make_redis_cache(server_.options()); }
  CacheId first() const override { return {"redis", 10}; }
  CacheId second() const override { return {"redis", 0}; }
  void restart() override {
    server_.stop();
    server_.start();
  }

 private:
  RedisServer server_;
};

INSTANTIATE_TEST_SUITE_P(Redis, CacheSuite, testing::Values(CacheFactory{"redis", [] { return std::make_unique<RedisCaches>(); }}), BackendName());

}  // namespace
}  // namespace lernd
