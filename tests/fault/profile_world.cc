#include "fault/profile_world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "app/line_log.h"
#include "app/resolve.h"
#include "jobs/registry.h"
#include "support/must.h"
#include "support/services.h"

namespace lernd {
namespace {

constexpr const char* kJob = "user-cache-updater";
constexpr const char* kPath = "/private/user/v1/read/";

/// Half of the events come from the user service and make the job read the profile; the others only say how somebody signed in.
std::string event(std::size_t user, std::mt19937_64& random) {
  static constexpr const char* kSignUps[] = {"google", "self", "sso", "other"};
  const bool reads = random() % 2 == 0;
  const std::string sign_up = random() % 3 == 0 ? fmt::format(R"({{"type":"SignupType","id":"{}"}})", kSignUps[random() % 4]) : "";
  return fmt::format(R"({{"object":{{"type":"User","id":"user-{}"}},"edata":{{"state":"Update"}},"context":{{"pdata":{{"pid":"{}"}},"cdata":[{}]}}}})", user,
                     reads ? "learner-service" : "another", sign_up);
}

std::string profile(const std::string& id) {
  return fmt::format(
      R"({{"responseCode":"OK","result":{{"response":{{"userId":"{0}","firstName":"First {0}","lastName":"L","email":"{0}@x","phone":"p{0}","rootOrgId":"r",)"
      R"("userLocations":[{{"type":"state","name":"S {0}"}}],"framework":{{"board":["B"],"medium":["M {0}"]}}}}}}}})",
      id);
}

OptionValues resolved(std::map<std::string, std::string> set) {
  auto options = resolve_options(options_for(*find_job(kJob)), {.set = std::move(set)});
  for (const Fault& fault : options.faults) ADD_FAILURE() << fault.text();
  return options.values;
}

}  // namespace

ProfileWorld::ProfileWorld(std::uint64_t seed, std::size_t users, std::size_t events)
    : name_(fmt::format("profiles_{:08x}", std::random_device{}())), events_(events), log_(make_line_log(LogLevel::error, LogFormat::text)) {
  server_ = must(StubServer::start([this](const StubRequest& request) { return reply(request); }));
  const auto topics = must(services("none", 0)->open_topics());
  const std::string topic = name_ + ".telemetry.audit";
  must(topics->create(topic, 1));
  std::mt19937_64 random(seed);
  std::vector<OutputRecord> records;
  for (std::size_t i = 0; i < events; ++i) records.push_back({topic, std::nullopt, event(random() % users, random), {}});
  must(topics->produce(records, 0));
}

ProfileWorld::~ProfileWorld() {
  try {
    must(must(services("none", 0)->open_topics())->remove(name_ + ".telemetry.audit"));
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

StubReply ProfileWorld::reply(const StubRequest& request) {
  ++calls_;
  using Fault = StubReply::Fault;
  StubReply good{.status = 200, .body = profile(request.path.substr(std::string(kPath).size()))};
  switch (behaviour_.load()) {
    case ProfileService::well:
      break;
    case ProfileService::slow:
      good.delay = std::chrono::milliseconds(500);
      break;
    case ProfileService::resets:
      good.fault = Fault::reset;
      break;
    case ProfileService::broken:
      return {.status = 503, .body = "no upstream"};
    case ProfileService::garbage:
      return {.status = 200, .body = "<html>maintenance</html>"};
    case ProfileService::trickles:
      good.fault = Fault::trickle;
      good.delay = std::chrono::milliseconds(20);
      break;
    case ProfileService::lies:
      good.fault = calls_ % 2 == 0 ? Fault::cut : Fault::short_length;
      break;
  }
  return good;
}

std::map<std::string, std::string> ProfileWorld::settings(const std::string& group, int database) const {
  const Servers servers = Servers::from_environment();
  return {
      {"job.env", name_},
      {"kafka.groupId", name_ + "-" + group},
      {"kafka.broker-servers", servers.kafka()},
      {"kafka.auto.offset.reset", "earliest"},
      {"redis-meta.host", servers.redis().host},
      {"redis-meta.port", fmt::format("{}", servers.redis().port)},
      {"redis-meta.database.userstore.id", fmt::format("{}", database)},
      {"user-read.api.url", fmt::format("http://127.0.0.1:{}{}", server_->port(), kPath)},
      {"lernd.http.total_timeout_ms", "2000"},
      {"lernd.breaker.pause_ms", "500"},
      {"lernd.kafka.client.session.timeout.ms", "6000"},
  };
}

std::unique_ptr<lernd::Services> ProfileWorld::services(const std::string& group, int database) const {
  const JobDescription& job = *find_job(kJob);
  return make_services(job, resolved(settings(group, database)), *log_);
}

Process ProfileWorld::start(const std::string& group, int database, const std::vector<std::string>& more) {
  const std::string file = folder_.file(group + ".conf");
  {
    std::ofstream config(file);
    for (const auto& [key, value] : settings(group, database)) config << key << " = \"" << value << "\"\n";
  }
  const auto topics = must(services(group, database)->open_topics());
  must(topics->create(name_ + "-" + group + ".dlq", 1));
  std::vector<std::string> words{LERND_BINARY, "run", kJob, "--config", file, "--http", "off", "--until-end"};
  words.insert(words.end(), more.begin(), more.end());
  return Process({.words = std::move(words)});
}

ProfileWorld::Entries ProfileWorld::entries(int database) {
  const auto cache = must(services("none", database)->open_cache());
  const CacheId id{"redis-meta", database};
  std::vector<CacheQuery> queries;
  for (const auto& [key, kind] : must(cache->keys(id))) queries.push_back({.cache = id, .kind = kind, .key = key});
  Entries entries;
  auto values = cache->read(queries);
  for (std::size_t i = 0; i < queries.size(); ++i) entries[queries[i].key] = must(std::move(values[i])).fields;
  return entries;
}

void ProfileWorld::clear(int database) {
  const auto cache = must(services("none", database)->open_cache());
  const CacheId id{"redis-meta", database};
  CacheGroup group;
  for (const auto& [key, kind] : must(cache->keys(id))) group.push_back({.kind = CacheWrite::Kind::erase, .cache = id, .key = key});
  if (!group.empty()) must(std::move(cache->write(std::span(&group, 1)).front()));
}

std::size_t ProfileWorld::dead_letters(const std::string& group) {
  return must(must(services(group, 0)->open_topics())->read({name_ + "-" + group + ".dlq", 0}, {0}, 1'000'000)).size();
}

}  // namespace lernd
