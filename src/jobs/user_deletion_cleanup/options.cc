#include "jobs/user_deletion_cleanup/options.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "jobs/account_read.h"
#include "jobs/job_request.h"
#include "jobs/option_rows.h"
#include "jobs/service_call.h"
#include "jobs/user_table.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Role = Option::Role;

constexpr std::string_view kProviderBase = "sunbird_sso_url";
constexpr std::string_view kAuditTopic = "kafka.output.audit.topic";

std::vector<Option> table_options() {
  return {
      {.name = "user.lookup.table", .default_value = "user_lookup", .doc = "Table there that finds users by mail address, phone, name and external id."},
      {.name = "user.externalIdentity.table", .default_value = "usr_external_identity", .doc = "Table there of the users' external identities."},
      {.name = "user.org.table", .default_value = "user_organisation", .doc = "Table there of who belongs to which organisation."},
  };
}

std::vector<Option> cache_options() {
  auto options = redis_server_options({.endpoint = "redis-meta", .what = "the user cache", .default_host = "localhost", .default_database = {}});
  options.push_back({.name = "user.redis.store",
                     .type = OptionType::integer,
                     .default_value = "12",
                     .doc = "Redis database of the user cache, there and on `redis.host`, where the Flink job looks for it; entries are removed on both.",
                     .min = 0});
  return options;
}

std::vector<Option> provider_options() {
  return {
      {.name = std::string(kProviderBase),
       .doc = "Base URL of Keycloak. Empty, as any of realm, client, user name and password may be: credentials stay there, and the log says so.",
       .role = Role::url},
      {.name = "sunbird_sso_realm", .doc = "Realm of the users."},
      {.name = "sunbird_sso_client_id", .doc = "Client that may remove users."},
      {.name = "sunbird_sso_client_secret", .doc = "Secret of that client.", .role = Role::secret},
      {.name = "sunbird_sso_username", .doc = "Must be set, as for the Flink job; the client's own credentials are used."},
      {.name = "sunbird_sso_password", .doc = "Must be set, as for the Flink job; the client's own credentials are used.", .role = Role::secret},
      {.name = "sunbird_keycloak_user_federation_provider_id", .doc = "Provider under which Keycloak knows the platform's users: `f:<provider>:<user>`."},
      ignored_option("sunbird_sso_pool_size"),
  };
}

std::optional<IdentityProvider> identity_provider(const OptionValues& values) {
  static constexpr std::array kNeeded = {"sunbird_sso_url", "sunbird_sso_username", "sunbird_sso_password", "sunbird_sso_client_id", "sunbird_sso_realm"};
  if (std::ranges::any_of(kNeeded, [&](const char* option) { return is_blank(values.text(option)); })) return std::nullopt;
  return IdentityProvider{.base = service_address(values.text(kProviderBase), ""),
                          .realm = values.text("sunbird_sso_realm"),
                          .client_id = values.text("sunbird_sso_client_id"),
                          .client_secret = values.text("sunbird_sso_client_secret"),
                          .provider_id = values.text("sunbird_keycloak_user_federation_provider_id")};
}

bool one_server(const OptionValues& values) {
  return values.text("redis-meta.host") == values.text("redis.host") && values.integer("redis-meta.port") == values.integer("redis.port");
}

}  // namespace

std::vector<Option> option_table() {
  std::vector<Option> options = {
      input_topic_option("{env}.delete.user", "Topic of the deletions."),
      group_option("{env}-delete-user-group"),
      {.name = std::string(kAuditTopic), .doc = "Topic of an audit event for each user whose data is removed. Empty: none.", .role = Role::optional_topic},
  };
  const std::vector<Option> ignored = {ignored_option("service.lms.basePath"), ignored_option("batch_search_api"),
                                       ignored_option("task.user.deletion.cleanup.parallelism")};
  for (const auto& rows : {account_read_options(), user_table_options(), table_options(), cache_options(), provider_options(), ignored}) {
    std::ranges::copy(rows, std::back_inserter(options));
  }
  return options;
}

std::vector<OptionFault> check(const OptionValues& values) {
  std::vector<OptionFault> faults;
  if (auto fault = fault_if_unset(values, kUserServiceBase, "the user service")) faults.push_back(*std::move(fault));
  return faults;
}

std::vector<CacheId> caches(const OptionValues& values) {
  const int database = static_cast<int>(values.integer("user.redis.store"));
  return {{"redis-meta", database}, {"redis", database}};
}

Options options_from(const OptionValues& values) {
  const std::string& keyspace = values.text("user.keyspace");
  Options options{
      .users = user_table(values),
      .memberships = {keyspace, values.text("user.org.table")},
      .lookups = {keyspace, values.text("user.lookup.table")},
      .identities = {keyspace, values.text("user.externalIdentity.table")},
      .caches = caches(values),
      .user_url = account_url(values),
      .audit_topic = values.text(kAuditTopic),
      .identity_provider = identity_provider(values),
  };
  if (one_server(values)) options.caches.pop_back();
  return options;
}

std::vector<ServiceUse> services(const OptionValues& values) {
  std::vector<ServiceUse> services = {{std::string(kUserService), std::string(kUserServiceBase)}};
  if (identity_provider(values)) services.push_back({std::string(kIdentityProvider), std::string(kProviderBase)});
  return services;
}

}  // namespace lernd::user_deletion_cleanup
