#include "jobs/user_deletion_cleanup/options.h"

#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Role = Option::Role;

const Option& option(const std::string& name) {
  static const auto table = option_table();
  return option_named(table, name);
}

// Section 7 of the specification, and 5 for the audit topic.
TEST(DeletionOptions, DefaultsOfTheSpecification) {
  const std::map<std::string, std::string> specified = {
      {"kafka.input.topic", "{env}.delete.user"},
      {"kafka.groupId", "{env}-delete-user-group"},
      {"kafka.output.audit.topic", ""},
      {"service.userorg.basePath", ""},
      {"user_read_api", "/private/user/v1/read/"},
      {"user.keyspace", "sunbird"},
      {"user.table", "user"},
      {"user.lookup.table", "user_lookup"},
      {"user.externalIdentity.table", "usr_external_identity"},
      {"user.org.table", "user_organisation"},
      {"redis-meta.host", "localhost"},
      {"redis-meta.port", "6379"},
      {"user.redis.store", "12"},
      {"sunbird_sso_url", ""},
      {"sunbird_sso_realm", ""},
      {"sunbird_sso_client_id", ""},
      {"sunbird_sso_client_secret", ""},
      {"sunbird_sso_username", ""},
      {"sunbird_sso_password", ""},
      {"sunbird_keycloak_user_federation_provider_id", ""},
      {"sunbird_sso_pool_size", ""},
      {"service.lms.basePath", ""},
      {"batch_search_api", ""},
      {"task.user.deletion.cleanup.parallelism", ""},
  };
  EXPECT_EQ(defaults_in(option_table()), specified);
}

TEST(DeletionOptions, SecretsAreSecretAndUnusedKeysAreAccepted) {
  for (const char* name : {"sunbird_sso_client_secret", "sunbird_sso_password"}) EXPECT_EQ(option(name).role, Role::secret) << name;
  for (const char* name : {"sunbird_sso_pool_size", "service.lms.basePath", "batch_search_api", "task.user.deletion.cleanup.parallelism"}) {
    EXPECT_EQ(option(name).role, Role::ignored) << name;
  }
  EXPECT_EQ(option("kafka.output.audit.topic").role, Role::optional_topic);
}

TEST(DeletionOptions, AreTakenFromTheValues) {
  const Options options = options_of(keycloak({{"user.keyspace", "k"},
                                               {"user.table", "a"},
                                               {"user.lookup.table", "b"},
                                               {"user.externalIdentity.table", "c"},
                                               {"user.org.table", "d"},
                                               {"kafka.output.audit.topic", "audit"},
                                               {"service.userorg.basePath", "h:1/"},
                                               {"user_read_api", "read"}}));
  EXPECT_EQ(options.users, (TableName{"k", "a"}));
  EXPECT_EQ(options.lookups, (TableName{"k", "b"}));
  EXPECT_EQ(options.identities, (TableName{"k", "c"}));
  EXPECT_EQ(options.memberships, (TableName{"k", "d"}));
  EXPECT_EQ(options.audit_topic, "audit");
  EXPECT_EQ(options.user_url, "http://h:1/read/");
  ASSERT_TRUE(options.identity_provider);
  EXPECT_EQ(options.identity_provider->base, "http://sso/auth");
  EXPECT_EQ(options.identity_provider->realm, "the realm");
  EXPECT_EQ(options.identity_provider->client_id, "the client");
  EXPECT_EQ(options.identity_provider->client_secret, "MARKED&secret");
  EXPECT_EQ(options.identity_provider->provider_id, "provider");
}

TEST(DeletionOptions, TwoServersThatAreOneAreUsedOnce) {
  EXPECT_EQ(options_of().caches, (std::vector<CacheId>{{"redis-meta", 12}}));
  for (const Settings& settings : {Settings{{"redis-meta.host", "a"}}, Settings{{"redis.host", "a"}}, Settings{{"redis.port", "6380"}}}) {
    EXPECT_EQ(options_of(settings).caches, (std::vector<CacheId>{{"redis-meta", 12}, {"redis", 12}}));
  }
  EXPECT_EQ(caches(values_of()).size(), 2u) << "both may be named";
}

TEST(DeletionOptions, TheUserServiceMustBeSet) {
  EXPECT_TRUE(check(values_of()).empty());
  const auto faults = check(values_of({{"service.userorg.basePath", ""}}));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].option, "service.userorg.basePath");
}

TEST(DeletionOptions, KeycloakIsCalledWhereItIsConfigured) {
  EXPECT_EQ(services(values_of()).size(), 1u);
  const auto both = services(values_of(keycloak()));
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[1].url_option, "sunbird_sso_url");
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
