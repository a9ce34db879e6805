#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <set>

#include "adapters/http/stub_server.h"
#include "app/vectors/world.h"

namespace lernd {
namespace {

/// What the stub server answers from, and what it was asked. Called from its threads.
class Stubs {
 public:
  void put(std::span<const HttpStub> stubs) {
    const std::scoped_lock lock(mutex_);
    stubs_.assign(stubs.begin(), stubs.end());
  }

  StubReply answer(const StubRequest& request) {
    const std::scoped_lock lock(mutex_);
    HttpCall call{.method = request.method, .path = plain_path(request.path), .query = request.query, .body = request.body, .headers = request.headers};
    const auto index = take_stub(stubs_, call);
    calls_.push_back(std::move(call));
    if (!index) return {.status = 404, .body = ""};
    const auto& stub = stubs_[*index];
    switch (stub.fault) {
      case HttpStub::Fault::none:
        return {.status = stub.status, .body = stub.body};
      case HttpStub::Fault::timeout:
        return {.status = 200, .body = "", .delay = kLongerThanAnyCall};
      case HttpStub::Fault::refused:  // A server that listens cannot refuse; the caller makes no difference between the two.
      case HttpStub::Fault::reset:
        return {.status = 200, .body = "", .fault = StubReply::Fault::reset};
    }
    return {.status = 500, .body = ""};
  }

  std::vector<HttpCall> calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }

 private:
  static constexpr std::chrono::seconds kLongerThanAnyCall{10};

  mutable std::mutex mutex_;  ///< guards both
  std::vector<HttpStub> stubs_;
  std::vector<HttpCall> calls_;
};

/// Scheme, host and port replaced; the path stays.
std::string moved(const std::string& url, const std::string& base) {
  const auto scheme = url.find("://");
  const auto authority = scheme == std::string::npos ? 0 : scheme + 3;
  const auto path = url.find('/', authority);
  return path == std::string::npos ? base : base + url.substr(path);
}

class ServicesWorld final : public VectorWorld {
 public:
  ServicesWorld(const ConfigFile* config, std::unique_ptr<Stubs> stubs, std::unique_ptr<StubServer> server)
      : config_(config), stubs_(std::move(stubs)), server_(std::move(server)), mark_(fmt::format("{:08x}", std::random_device()())) {}

  const ConfigFile* config() const override { return config_; }
  std::string http_base() const override { return fmt::format("http://127.0.0.1:{}", server_->port()); }

  std::map<std::string, std::string> isolation(const JobDescription& job, const OptionTable& table, const OptionValues& values) override {
    // The time-out of a stub need not be waited for as long as that of a service.
    std::map<std::string, std::string> own{{"lernd.http.total_timeout_ms", "2000"}, {"lernd.embedded.file", ""}};
    for (const auto& option : table.all()) {
      if (!option.name.ends_with("keyspace") || values.text(option.name).empty()) continue;
      own[option.name] = fmt::format("lernd_test_{}_{}", mark_, values.text(option.name));
    }
    own[job.group_option] = fmt::format("{}.test-{}", values.text(job.group_option), mark_);
    own["lernd.dead_letter_topic"] = fmt::format("{}.test-{}", dead_letter_topic(job, values), mark_);
    std::vector<std::string> topics = job.output_topic_options;
    topics.push_back(job.input_topic_option);
    for (const auto& option : topics) {
      if (!values.text(option).empty()) own[option] = fmt::format("{}.test-{}", values.text(option), mark_);
    }
    // The server of a case is one, whatever endpoints there are; the databases tell them apart.
    for (const auto& cache : job.caches(values)) {
      for (const auto* part : {".host", ".port"}) own[cache.endpoint + part] = values.text(std::string("redis") + part);
      // Only a job that has this endpoint itself knows how to log in there; any other one has to be told by the name of its own.
      for (const auto* part : {".user", ".password"}) {
        if (const auto shared = std::string("lernd.redis") + part; table.find(shared) != nullptr) own["lernd." + cache.endpoint + part] = values.text(shared);
      }
    }
    for (const auto& service : job.services(values)) own[service.url_option] = moved(values.text(service.url_option), http_base());
    return own;
  }

  Result<std::unique_ptr<Services>> open(const JobDescription& job, const OptionValues& values, Log& log) override {
    auto services = make_real_services(job, values, log);
    auto ports = services->open();
    if (!ports) return std::unexpected(ports.error());
    auto topics = services->open_topics();
    if (!topics) return std::unexpected(topics.error());
    for (const auto& cache : job.caches(values)) {
      const auto keys = ports->cache->keys(cache);
      if (!keys) return std::unexpected(keys.error());
      if (!keys->empty()) {
        return fail(Treatment::fatal, ErrorCode::invalid_option,
                    fmt::format("database {} of the Redis server at {}.host holds {} keys, which the case could harm; name an empty server", cache.database,
                                cache.endpoint, keys->size()));
      }
    }
    for (const auto& index : job.indices) {
      const auto there = ports->search->exists(index);
      if (!there) return std::unexpected(there.error());
      if (*there) {
        return fail(Treatment::fatal, ErrorCode::invalid_option,
                    fmt::format("the servers of es.basePath have a search index {}, which the case could harm; name servers without it, or remove the index if "
                                "it is what a case left behind",
                                index));
      }
    }
    // From here on there is something to clean up.
    indices_ = job.indices;
    ports_ = std::move(*ports);
    topics_ = std::move(*topics);
    caches_ = job.caches(values);
    for (const auto& use : job.tables(values)) keyspaces_.insert(use.shape.name.keyspace);
    if (is_journalled(job, values)) keyspaces_.insert(journal_table(job, values).keyspace);
    names_ = {values.text(job.input_topic_option), dead_letter_topic(job, values)};
    for (const auto& option : job.output_topic_options) names_.insert(values.text(option));
    names_.erase("");
    return services;
  }

  Result<void> stub(std::span<const HttpStub> stubs) override {
    stubs_->put(stubs);
    return {};
  }

  Result<std::vector<HttpCall>> calls() override { return stubs_->calls(); }

  /// Goes on after a fault, so that one thing that cannot be removed does not leave the others behind.
  Result<void> clean_up() override {
    Result<void> result;
    const auto note = [&result](Result<void> done) {
      if (!done && result) result = std::move(done);
    };
    if (ports_.tables) {
      for (const auto& keyspace : keyspaces_) note(ports_.tables->drop_keyspace(keyspace));
    }
    if (ports_.cache) {
      for (const auto& cache : caches_) note(empty(cache));
    }
    if (ports_.search) {
      for (const auto& index : indices_) note(ports_.search->remove(index));
    }
    if (topics_) {
      for (const auto& name : names_) note(topics_->remove(name));
    }
    return result;
  }

 private:
  Result<void> empty(const CacheId& cache) {
    const auto keys = ports_.cache->keys(cache);
    if (!keys) return std::unexpected(keys.error());
    CacheGroup group;
    for (const auto& [key, kind] : *keys) group.push_back({.kind = CacheWrite::Kind::erase, .cache = cache, .key = key});
    if (group.empty()) return {};
    return ports_.cache->write({&group, 1}).front();
  }

  const ConfigFile* config_;
  std::unique_ptr<Stubs> stubs_;  ///< outlives the server that asks it
  std::unique_ptr<StubServer> server_;
  const std::string mark_;  ///< part of every name this case uses
  Ports ports_;
  std::unique_ptr<TopicAdmin> topics_;
  std::vector<CacheId> caches_;
  std::set<std::string> keyspaces_;
  std::vector<std::string> indices_;
  std::set<std::string> names_;  ///< of topics
};

}  // namespace

Result<std::unique_ptr<VectorWorld>> make_services_world(const ConfigFile* config) {
  auto stubs = std::make_unique<Stubs>();
  auto server = StubServer::start([stubs = stubs.get()](const StubRequest& request) { return stubs->answer(request); });
  if (!server) return std::unexpected(server.error());
  return std::make_unique<ServicesWorld>(config, std::move(stubs), std::move(*server));
}

}  // namespace lernd
