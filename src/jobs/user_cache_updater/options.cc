#include "jobs/user_cache_updater/options.h"

#include <fmt/format.h>

#include <iterator>

#include "jobs/option_rows.h"
#include "jobs/service_call.h"

namespace lernd::user_cache_updater {
namespace {

constexpr std::string_view kUserUrl = "user-read.api.url";
constexpr std::string_view kUserBase = "service.userorg.basePath";
constexpr std::string_view kFrameworkBase = "service.taxonomy.basePath";

Layout layout_in(const OptionValues& values) { return values.text("user.cache.layout") == "categories" ? Layout::categories : Layout::bmgs; }

bool is_path(const std::string& address) { return address.starts_with('/'); }

std::vector<Option> cache_options() {
  return {
      {.name = "user.cache.layout",
       .default_value = "bmgs",
       .doc = "Fields that come of a user's framework: `bmgs` as releases 5.x wrote them (board, medium, grade, subject), `categories` as 7.x and 8.x do, one "
              "for each category, with the status of the account.",
       .choices = {"bmgs", "categories"}},
      {.name = "redis-meta.database.key.expiry.seconds",
       .type = OptionType::integer,
       .default_value = "3600",
       .unit = "s",
       .doc = "How long an entry is kept after its last change, when `user.cache.expiry.enabled` is set; without effect otherwise.",
       .min = 1},
      {.name = "user.cache.expiry.enabled",
       .type = OptionType::boolean,
       .default_value = "false",
       .doc = "Let entries expire. Reports that join against the cache then miss users whom nothing happened to for that long."},
      {.name = "user.redis.removeable-fields",
       .type = OptionType::list,
       .default_value = "state,district,block,cluster,schooludisecode,schoolname",
       .doc = "Fields that are removed when the profile no longer has them."},
  };
}

std::vector<Option> sign_in_options() {
  return {
      {.name = "regd.user.producer.pid",
       .default_value = "learner-service",
       .doc = "Producer (`context.pdata.pid`) whose events make the job read the profile. It must be what the user service calls itself, or no profile is ever "
              "read."},
      {.name = "user.self.signin.types", .type = OptionType::list, .default_value = "google,self", .doc = "Sign-up types that count as signed in by oneself."},
      {.name = "user.self.signin.key", .default_value = "Self-Signed-In", .doc = "What `usersignintype` says of them."},
      {.name = "user.validated.types", .type = OptionType::list, .default_value = "sso", .doc = "Sign-up types that count as validated by a third party."},
      {.name = "user.valid.key", .default_value = "Validated", .doc = "What `usersignintype` says of them."},
  };
}

std::vector<Option> service_options() {
  return {
      {.name = std::string(kUserUrl),
       .default_value = "/learner/private/user/v1/read",
       .doc = "With the layout `bmgs`: where a profile is read; the user's id is appended. One that begins with / is put behind `service.userorg.basePath`.",
       .check = fault_of_address},
      service_base_option(std::string(kUserBase), "Base URL of the user service."),
      service_path_option("user_read_api", "/api/user/v1/read/", "With the layout `categories`: path of the profile read, behind `service.userorg.basePath`."),
      {.name = "user.read.url.fields", .default_value = "locations,organisations", .doc = "What a profile read asks for, appended as `fields`."},
      {.name = "user.read.api.error",
       .type = OptionType::list,
       .default_value = "CLIENT_ERROR",
       .doc = "Response codes with which the user service tells of a blocked account."},
      service_base_option(std::string(kFrameworkBase), "With the layout `categories`: base URL of the framework service."),
      service_path_option("framework_read_api", "/api/framework/v1/read/",
                          "With the layout `categories`: path of the framework read, behind `service.taxonomy.basePath`."),
  };
}

OptionFault unset(std::string_view option, std::string_view what) {
  return {std::string(option), fmt::format("{} is not set, and the layout categories needs it", option), fmt::format("set it to the address of {}", what)};
}

}  // namespace

std::vector<Option> option_table() {
  std::vector<Option> options = {
      input_topic_option("{env}.telemetry.audit", "Topic of the audit events."),
      group_option("{env}-user-cache-updater-group"),
  };
  const auto redis = redis_options(
      {.endpoint = "redis-meta", .what = "the user cache", .default_host = "localhost", .default_database = "12", .database = ".database.userstore.id"});
  for (auto&& rows : {redis, cache_options(), sign_in_options(), service_options()}) options.insert(options.end(), rows.begin(), rows.end());
  return options;
}

std::vector<OptionFault> check(const OptionValues& values) {
  std::vector<OptionFault> faults;
  const bool has_base = !values.text(kUserBase).empty();
  if (layout_in(values) == Layout::bmgs) {
    const std::string& url = values.text(kUserUrl);
    if (is_path(url) && !has_base) {
      faults.push_back({std::string(kUserUrl), fmt::format("{} = \"{}\" names no host, and {} is not set", kUserUrl, url, kUserBase),
                        fmt::format("set {} to the address of the user service, or {} to a whole URL", kUserBase, kUserUrl)});
    }
    return faults;
  }
  if (!has_base) faults.push_back(unset(kUserBase, "the user service"));
  if (values.text(kFrameworkBase).empty()) faults.push_back(unset(kFrameworkBase, "the framework service"));
  return faults;
}

Options options_from(const OptionValues& values) {
  const Layout layout = layout_in(values);
  const std::string& path = values.text(layout == Layout::bmgs ? kUserUrl : "user_read_api");
  const bool behind_base = layout == Layout::categories || is_path(path);
  return {
      .layout = layout,
      .users = {"redis-meta", static_cast<int>(values.integer("redis-meta.database.userstore.id"))},
      .expiry = std::chrono::seconds(values.boolean("user.cache.expiry.enabled") ? values.integer("redis-meta.database.key.expiry.seconds") : 0),
      .producer = values.text("regd.user.producer.pid"),
      .self_sign_ups = values.list("user.self.signin.types"),
      .self_signed_in = values.text("user.self.signin.key"),
      .validated_sign_ups = values.list("user.validated.types"),
      .validated = values.text("user.valid.key"),
      .read_fields = values.text("user.read.url.fields"),
      .blocked_codes = values.list("user.read.api.error"),
      .user_url = behind_base ? service_url(values.text(kUserBase), path) : service_url(path, ""),
      .framework_url = service_url(values.text(kFrameworkBase), values.text("framework_read_api")),
      .removable = values.list("user.redis.removeable-fields"),
  };
}

std::vector<ServiceUse> services(const OptionValues& values) {
  if (layout_in(values) == Layout::categories)
    return {{std::string(kUserService), std::string(kUserBase)}, {std::string(kFrameworkService), std::string(kFrameworkBase)}};
  return {{std::string(kUserService), std::string(is_path(values.text(kUserUrl)) ? kUserBase : kUserUrl)}};
}

}  // namespace lernd::user_cache_updater
