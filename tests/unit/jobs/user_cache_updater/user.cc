#include "unit/jobs/user_cache_updater/user.h"

#include "jobs/user_cache_updater/job.h"

namespace lernd::user_cache_updater {
namespace {

const std::string kUsers = "http://users/read/";
const std::string kFrameworks = "http://frameworks/read/";

}  // namespace

OptionValues values_of(const Settings& settings) {
  OptionValues values = default_values(option_table());
  values.set("user-read.api.url", kUsers);
  values.set("service.userorg.basePath", "http://users");
  values.set("user_read_api", "/read/");
  values.set("service.taxonomy.basePath", "http://frameworks/");
  values.set("framework_read_api", "read");
  for (const auto& [name, value] : settings) values.set(name, value);
  return values;
}

Settings categories(Settings more) {
  more.emplace_back("user.cache.layout", "categories");
  return more;
}

nlohmann::json Audit::json() const {
  nlohmann::json cdata = nlohmann::json::array();
  for (const auto& [type, id] : context) cdata.push_back({{"type", type}, {"id", id}});
  return {{"eid", "AUDIT"},
          {"mid", "m-" + user},
          {"context", {{"pdata", {{"pid", producer}}}, {"cdata", cdata}}},
          {"object", {{"id", user}, {"type", "User"}}},
          {"edata", {{"state", state}}}};
}

Record Audit::record() const { return record_of(json().dump()); }

HttpAnswer answer_with(const nlohmann::json& profile) {
  return {.status = 200, .body = nlohmann::json{{"responseCode", "OK"}, {"params", {{"err", nullptr}}}, {"result", {{"response", profile}}}}.dump()};
}

HttpAnswer error_answer(const std::string& code, const std::string& err) {
  return {.status = 500, .body = nlohmann::json{{"responseCode", code}, {"params", {{"err", err}}}, {"result", nlohmann::json::object()}}.dump()};
}

HttpAnswer framework_answer(const std::vector<std::string>& codes) {
  nlohmann::json listed = nlohmann::json::array();
  for (const std::string& code : codes) listed.push_back({{"code", code}});
  return {.status = 200, .body = nlohmann::json{{"responseCode", "OK"}, {"result", {{"framework", {{"categories", listed}}}}}}.dump()};
}

void Services::answer(const Ask& ask, Facts& facts) {
  EXPECT_TRUE(ask.rows.empty());
  for (const HttpQuery& query : ask.http) {
    EXPECT_EQ(query.method, "GET");
    const bool of_user = query.url.starts_with(kUsers);
    EXPECT_TRUE(of_user || query.url.starts_with(kFrameworks)) << query.url;
    std::string id = query.url.substr(of_user ? kUsers.size() : kFrameworks.size());
    if (of_user) {
      const std::string fields = "?fields=locations,organisations";
      EXPECT_TRUE(id.ends_with(fields)) << id;
      id.resize(id.size() - fields.size());
      ++profile_reads;
    }
    const auto& known = of_user ? users : frameworks;
    const auto found = known.find(id);
    facts.put(query, found == known.end() ? error_answer("RESOURCE_NOT_FOUND", "none") : found->second);
  }
  for (const CacheQuery& query : ask.cache) {
    EXPECT_EQ(query.cache, (CacheId{"redis-meta", 12}));
    CacheValue value;
    if (const auto found = entries.find(query.key); found != entries.end()) {
      for (const auto& [field, text] : found->second) {
        if (query.fields.empty() || std::ranges::find(query.fields, field) != query.fields.end()) value.fields.emplace_back(field, text);
      }
    }
    facts.put(query, value);
  }
}

Step Services::run(const UserAudited& event, const Options& options, Facts* kept) {
  constexpr std::size_t kRoundsMax = 5;
  auto run =
      run_rules([this](const Ask& ask, Facts& facts) { answer(ask, facts); }, [&](const Facts& facts) { return advance(event, facts, options); }, kRoundsMax);
  if (kept != nullptr) *kept = std::move(run.facts);
  return std::move(run.step);
}

Plan Services::carry_out(const UserAudited& event, const Options& options) {
  Plan plan = plan_of(run(event, options));
  apply(plan);
  return plan;
}

void Services::apply(const Plan& plan) {
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) {
      for (const CacheWrite& write : std::get<CacheGroup>(group)) {
        EXPECT_EQ(write.kind, CacheWrite::Kind::put_fields);
        auto& entry = entries[write.key];
        for (const std::string& field : write.drop) entry.erase(field);
        for (const auto& [field, value] : write.value.fields) entry[field] = value;
      }
    }
  }
}

UserAudited event_of(const Audit& audit, const Options& options) {
  auto event = read(audit.record(), options);
  EXPECT_TRUE(event.has_value());
  return event ? *std::move(event) : UserAudited();
}

UserAudited folded(const std::vector<Audit>& audits, const Options& options) {
  const auto job = description().make(values_of());
  UserAudited event = event_of(audits.front(), options);
  for (std::size_t i = 1; i < audits.size(); ++i) EXPECT_TRUE(job->fold(event, event_of(audits[i], options)));
  return event;
}

}  // namespace lernd::user_cache_updater
