// The embedded adapters, on a file and in memory.
#include <filesystem>

#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_event_log.h"
#include "adapters/embedded/embedded_http_client.h"
#include "adapters/embedded/embedded_search_index.h"
#include "adapters/embedded/embedded_table_store.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "adapters/embedded/http_stub.h"
#include "conformance/cache_suite.h"
#include "conformance/event_log_suite.h"
#include "conformance/http_client_suite.h"
#include "conformance/search_index_suite.h"
#include "conformance/table_store_suite.h"
#include "conformance/temporary_folder.h"

namespace lernd {
namespace {

using Database = std::shared_ptr<EmbeddedDatabase>;

Database opened(const std::string& path) {
  auto database = EmbeddedDatabase::open(path);
  EXPECT_TRUE(ok(database));
  return database.value_or(nullptr);
}

/// Every object has a connection of its own, as every worker has.
struct OnFile {
  TemporaryFolder folder;
  Database database() { return opened(folder.file("lernd.db")); }
};

/// All objects share the only connection there is.
struct InMemory {
  Database only = opened(":memory:");
  Database database() { return only; }
};

template <class Place>
class Tables final : public TableStoreBackend {
 public:
  std::unique_ptr<TableStore> open() override { return make_embedded_table_store(place_.database()); }

 private:
  Place place_;
};

template <class Place>
class Caches final : public CacheBackend {
 public:
  std::unique_ptr<Cache> open() override { return make_embedded_cache(place_.database()); }
  CacheId first() const override { return {"redis", 10}; }
  CacheId second() const override { return {"redis-meta", 0}; }

 private:
  Place place_;
};

template <class Place>
class Logs final : public EventLogBackend {
 public:
  std::unique_ptr<EventLog> join(const std::string& topic, const std::string& group, Reset reset) override {
    using EmbeddedReset = EmbeddedLogOptions::Reset;
    return make_embedded_event_log(place_.database(),
                                   {.topic = topic, .group = group, .reset = reset == Reset::earliest ? EmbeddedReset::earliest : EmbeddedReset::latest});
  }
  std::unique_ptr<TopicAdmin> admin() override { return make_embedded_topic_admin(place_.database()); }

 private:
  Place place_;
};

template <class Place>
class HttpClients final : public HttpClientBackend {
 public:
  std::unique_ptr<HttpClient> open() override { return make_embedded_http_client(database_); }
  std::string base_url() override { return "http://search.example:9000"; }
  void serve(const std::vector<HttpStub>& stubs) override { ASSERT_TRUE(ok(put_http_stubs(*database_, stubs))); }
  std::vector<HttpCall> calls() override {
    auto calls = http_calls(*database_);
    EXPECT_TRUE(ok(calls));
    return calls.value_or(std::vector<HttpCall>());
  }

 private:
  Place place_;
  Database database_ = place_.database();
};

template <class Place>
class Indices final : public SearchIndexBackend {
 public:
  std::unique_ptr<SearchIndex> open() override { return make_embedded_search_index(place_.database()); }

 private:
  Place place_;
};

template <class Backend>
auto maker() {
  return [] { return std::make_unique<Backend>(); };
}

INSTANTIATE_TEST_SUITE_P(Embedded, TableStoreSuite,
                         testing::Values(TableStoreFactory{"memory", maker<Tables<InMemory>>()}, TableStoreFactory{"file", maker<Tables<OnFile>>()}),
                         BackendName());
INSTANTIATE_TEST_SUITE_P(Embedded, CacheSuite,
                         testing::Values(CacheFactory{"memory", maker<Caches<InMemory>>()}, CacheFactory{"file", maker<Caches<OnFile>>()}), BackendName());
INSTANTIATE_TEST_SUITE_P(Embedded, EventLogSuite,
                         testing::Values(EventLogFactory{"memory", maker<Logs<InMemory>>()}, EventLogFactory{"file", maker<Logs<OnFile>>()}), BackendName());
INSTANTIATE_TEST_SUITE_P(Embedded, HttpClientSuite,
                         testing::Values(HttpClientFactory{"memory", maker<HttpClients<InMemory>>()}, HttpClientFactory{"file", maker<HttpClients<OnFile>>()}),
                         BackendName());
INSTANTIATE_TEST_SUITE_P(Embedded, SearchIndexSuite,
                         testing::Values(SearchIndexFactory{"memory", maker<Indices<InMemory>>()}, SearchIndexFactory{"file", maker<Indices<OnFile>>()}),
                         BackendName());

}  // namespace
}  // namespace lernd
