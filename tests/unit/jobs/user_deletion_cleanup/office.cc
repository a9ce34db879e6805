#include "unit/jobs/user_deletion_cleanup/office.h"

#include <algorithm>

#include "core/plan_json.h"
#include "unit/jobs/school.h"

namespace lernd::user_deletion_cleanup {
namespace {

const std::string kUsers = "http://users/private/user/v1/read/";
const std::string kQuery = "?identifier,rootOrgId";
const std::string kKeycloak = "http://sso/auth";
const std::string kToken = "/realms/the%20realm/protocol/openid-connect/token";
const std::string kAccount = "/admin/realms/the%20realm/users/f:provider:";

bool matches(const Office::Row& row, const std::vector<Cell>& key) {
  return std::ranges::all_of(key, [&](const Cell& cell) { return row.contains(cell.column) && row.at(cell.column) == cell.value; });
}

}  // namespace

OptionValues values_of(const Settings& settings) {
  OptionValues values = default_values(option_table());
  values.set("service.userorg.basePath", "http://users");
  values.set("redis.host", "localhost");
  values.set("redis.port", "6379");
  for (const auto& [name, value] : settings) values.set(name, value);
  return values;
}

Settings keycloak(Settings more) {
  Settings settings = {{"sunbird_sso_url", kKeycloak + "/"},
                       {"sunbird_sso_realm", "the realm"},
                       {"sunbird_sso_client_id", "the client"},
                       {"sunbird_sso_client_secret", "MARKED&secret"},
                       {"sunbird_sso_username", "name"},
                       {"sunbird_sso_password", "MARKED-password"},
                       {"sunbird_keycloak_user_federation_provider_id", "provider"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

Json Deleted::json() const {
  return {{"eid", "BE_JOB_REQUEST"},
          {"mid", "LP.1.x"},
          {"object", {{"id", user}, {"type", "User"}}},
          {"edata",
           {{"organisationId", organisation},
            {"userId", user},
            {"userName", "MARKED-name"},
            {"suggested_users", {{{"role", "ORG_ADMIN"}, {"users", {"u9"}}}}},
            {"managed_users", managed},
            {"action", "delete-user"},
            {"iteration", 1}}}};
}

Record Deleted::record() const { return record_of(json().dump()); }

Deletion event_of(const Deleted& deleted) {
  auto event = read(deleted.record());
  EXPECT_TRUE(event.has_value());
  return event ? *std::move(event) : Deletion();
}

HttpAnswer account_answer(const Json& account) { return {.status = 200, .body = Json{{"responseCode", "OK"}, {"result", {{"response", account}}}}.dump()}; }

HttpAnswer blocked_answer() {
  return {.status = 400, .body = Json{{"responseCode", "CLIENT_ERROR"}, {"params", {{"err", "UOS_USRRED0006"}}}, {"result", Json::object()}}.dump()};
}

void Office::add_user(const std::string& id, int status) {
  accounts[id] = account_answer({{"identifier", id}, {"rootOrgId", "org"}, {"firstName", "MARKED-first"}, {"email", "ma***" + id}, {"phone", "***" + id}});
  tables["user"].push_back({{"id", id},
                            {"userid", id},
                            {"rootorgid", "org"},
                            {"status", status},
                            {"isdeleted", false},
                            {"firstname", "MARKED-first"},
                            {"email", "MARKED-mail-" + id},
                            {"phone", "MARKED-phone-" + id},
                            {"username", "MARKED-name-" + id},
                            {"profilelocation", "place"}});
  for (const std::string organisation : {"org", "other"}) {
    tables["user_organisation"].push_back({{"userid", id}, {"organisationid", organisation}, {"isdeleted", false}});
  }
  for (const auto& [type, value] : {std::pair("email", "MARKED-mail-"), {"phone", "MARKED-phone-"}, {"username", "MARKED-name-"}}) {
    tables["user_lookup"].push_back({{"type", type}, {"value", value + id}, {"userid", id}});
  }
  for (const char* type : {"tn", "declared"}) {
    tables["usr_external_identity"].push_back({{"userid", id}, {"idtype", type}, {"provider", "p"}, {"externalid", "MARKED-ext"}});
  }
  for (const std::string endpoint : {"redis-meta", "redis"}) caches[{endpoint, 12}].insert("user:" + id);
  credentials.insert(id);
}

HttpAnswer Office::call_keycloak(const HttpQuery& query, const std::string& path) {
  EXPECT_TRUE(query.changes) << path;
  EXPECT_EQ(query.service, "keycloak");
  if (dry_run) return {.status = 204, .body = ""};
  calls.push_back(query.method + " " + path);
  const std::string kind = path == kToken ? "TOKEN" : query.method;
  if (failing.contains(kind)) return {.status = failing[kind], .body = "MARKED-failure"};
  if (kind == "TOKEN") {
    EXPECT_EQ(query.method, "POST");
    EXPECT_EQ(query.body, "grant_type=client_credentials&client_id=the%20client&client_secret=MARKED%26secret");
    return {.status = 200, .body = Json{{"access_token", "token-" + std::to_string(++tokens)}, {"expires_in", token_life}}.dump()};
  }
  EXPECT_TRUE(path.starts_with(kAccount)) << path;
  const auto authorization = std::ranges::find(query.headers, "Authorization", &Header::name);
  EXPECT_NE(authorization, query.headers.end());
  if (std::stoi(authorization->value.substr(std::string("Bearer token-").size())) <= refused_tokens) return {.status = 401, .body = ""};
  const std::string id = path.substr(kAccount.size());
  if (!credentials.contains(id)) return {.status = 404, .body = R"({"error":"User not found"})"};
  if (query.method == "DELETE") {
    credentials.erase(id);
  } else {
    EXPECT_EQ(query.method, "PUT");
    EXPECT_EQ(Json::parse(query.body), (Json{{"email", ""}, {"firstName", ""}, {"lastName", ""}, {"emailVerified", false}, {"enabled", false}}));
    emptied.insert(id);
  }
  return {.status = 204, .body = ""};
}

HttpAnswer Office::call(const HttpQuery& query) {
  if (query.url.starts_with(kKeycloak)) return call_keycloak(query, query.url.substr(kKeycloak.size()));
  EXPECT_FALSE(query.changes);
  EXPECT_EQ(query.method, "GET");
  EXPECT_TRUE(query.url.starts_with(kUsers) && query.url.ends_with(kQuery)) << query.url;
  const std::string id = query.url.substr(kUsers.size(), query.url.size() - kUsers.size() - kQuery.size());
  calls.push_back("GET " + id);
  const auto found = accounts.find(id);
  return found == accounts.end() ? HttpAnswer{.status = 404, .body = R"({"responseCode":"RESOURCE_NOT_FOUND"})"} : found->second;
}

Rows Office::rows_for(const RowsQuery& query) const {
  EXPECT_EQ(query.table.keyspace, "sunbird");
  Rows answer(query.columns);
  const auto table = tables.find(query.table.table);
  if (table == tables.end()) return answer;
  for (const Row& row : table->second) {
    if (!matches(row, query.key)) continue;
    std::vector<Value> cells;
    for (const std::string& column : query.columns) cells.push_back(row.contains(column) ? row.at(column) : Value());
    answer.add(std::move(cells));
  }
  return answer;
}

void Office::answer(const Ask& ask, Facts& facts) {
  EXPECT_TRUE(ask.cache.empty() && ask.documents.empty());
  for (const HttpQuery& query : ask.http) facts.put(query, call(query));
  for (const RowsQuery& query : ask.rows) facts.put(query, rows_for(query));
}

Step Office::run(const Deletion& event, const Options& options, Facts* kept) {
  auto run =
      run_rules([this](const Ask& ask, Facts& facts) { answer(ask, facts); }, [&](const Facts& facts) { return advance(event, facts, options, stamp()); });
  if (kept != nullptr) *kept = std::move(run.facts);
  return std::move(run.step);
}

Plan Office::carry_out(const Deletion& event, const Options& options) {
  Plan plan = plan_of(run(event, options));
  apply(plan);
  return plan;
}

void Office::apply(const Plan& plan, std::size_t stages) {
  for (std::size_t i = 0; i < std::min(stages, plan.stages.size()); ++i) {
    for (const WriteGroup& group : plan.stages[i]) {
      if (const auto* keys = std::get_if<CacheGroup>(&group)) {
        for (const CacheWrite& write : *keys) {
          EXPECT_EQ(write.kind, CacheWrite::Kind::erase);
          caches[write.cache].erase(write.key);
        }
        continue;
      }
      for (const RowWrite& write : std::get<RowGroup>(group)) {
        auto& table = tables[write.table.table];
        if (write.kind == RowWrite::Kind::erase) {
          std::erase_if(table, [&](const Row& row) { return matches(row, write.key); });
          continue;
        }
        auto row = std::ranges::find_if(table, [&](const Row& one) { return matches(one, write.key); });
        if (row == table.end()) {
          row = table.emplace(table.end());
          for (const Cell& cell : write.key) (*row)[cell.column] = cell.value;
        }
        for (const Assignment& one : write.set) (*row)[one.column] = one.value;
      }
    }
  }
}

const Office::Row* Office::find(const std::string& table, const Row& key) const {
  const auto found = tables.find(table);
  if (found == tables.end()) return nullptr;
  for (const Row& row : found->second) {
    if (std::ranges::all_of(key, [&](const auto& cell) { return row.contains(cell.first) && row.at(cell.first) == cell.second; })) return &row;
  }
  return nullptr;
}

std::string Office::text(const std::string& table, const Row& key, const std::string& column) const {
  const Row* row = find(table, key);
  if (row == nullptr) return "(no row)";
  return row->contains(column) ? describe(row->at(column)) : "(none)";
}

std::size_t Office::rows_of(const std::string& table, const std::string& user) const {
  const auto found = tables.find(table);
  if (found == tables.end()) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(found->second, [&](const Row& row) { return row.at("userid") == Value(user); }));
}

std::map<std::string, std::vector<Office::Row>> sorted(std::map<std::string, std::vector<Office::Row>> tables) {
  const auto text = [](const Office::Row& row) {
    std::string all;
    for (const auto& [column, value] : row) all += column + "=" + describe(value) + ";";
    return all;
  };
  for (auto& [name, rows] : tables) std::ranges::sort(rows, {}, text);
  return tables;
}

std::vector<std::string> remarks_in(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Remark& remark : plan.remarks) texts.push_back(remark.what + ": " + remark.about);
  return texts;
}

}  // namespace lernd::user_deletion_cleanup
