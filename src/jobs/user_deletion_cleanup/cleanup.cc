#include "jobs/user_deletion_cleanup/cleanup.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <set>

#include "jobs/job_request.h"

namespace lernd::user_deletion_cleanup {
namespace {

constexpr std::int64_t kDeleted = 2;
constexpr std::array<const char*, 12> kPersonal = {"maskedemail", "maskedphone", "recoveryemail", "recoveryphone", "prevusedemail", "prevusedphone",
                                                   "username",    "firstname",   "lastname",      "dob",           "email",         "phone"};

RowsQuery membership_query(const Deletion& event, const Options& options) {
  return {options.memberships, {"userid", "organisationid"}, {{"userid", event.user_id}, {"organisationid", event.organisation}}};
}

}  // namespace

std::optional<StoredUser> stored_user(const Deletion& event, bool with_identities, const Facts& facts, const Options& options, Ask& ask) {
  StoredUser stored;
  stored.user = facts.rows({options.users, {"rootorgid", "status", "email", "phone", "username"}, {{"id", event.user_id}}}, ask);
  // An organisation without an id has no members, and no table takes it for a key.
  static const Rows kNone;
  stored.membership = event.organisation.empty() ? &kNone : facts.rows(membership_query(event, options), ask);
  if (with_identities) stored.identities = facts.rows({options.identities, {"idtype", "provider"}, {{"userid", event.user_id}}}, ask);
  for (const std::string& id : event.managed) {
    const Rows* row = facts.rows({options.users, {"id"}, {{"id", id}}}, ask);
    if (row != nullptr && !row->empty()) stored.managed.push_back(id);
  }
  if (ask.pending()) return std::nullopt;
  return stored;
}

RowWrite membership_end(const Deletion& event, const Options& options, Timestamp now) {
  return {.table = options.memberships,
          .key = {{"userid", event.user_id}, {"organisationid", event.organisation}},
          .set = {{"isdeleted", true}, {"orgleftdate", date_text(now)}}};
}

RowWrite blanked_profile(const std::string& user_id, const Options& options) {
  RowWrite write{.table = options.users, .key = {{"id", user_id}}, .set = {{"status", kDeleted}}};
  for (const char* column : kPersonal) write.set.push_back({column, ""});
  return write;
}

std::vector<RowWrite> lookup_removals(const Rows::Row& user, JsonView account, const Options& options) {
  std::set<std::pair<std::string, std::string>> found;
  const auto add = [&](const char* type, std::optional<std::string_view> value) {
    if (value && !is_blank(*value)) found.emplace(type, *value);
  };
  for (const char* type : {"email", "phone", "username"}) {
    add(type, account.find(type).value_or(JsonView()).text());
    if (const std::string* stored = user[type].text()) add(type, *stored);
  }
  add("externalid", account.find("externalId").value_or(JsonView()).text());
  std::vector<RowWrite> writes;
  for (const auto& [type, value] : found) writes.push_back({RowWrite::Kind::erase, options.lookups, {{"type", type}, {"value", value}}, {}});
  return writes;
}

std::vector<RowWrite> identity_removals(const std::string& user_id, const Rows& identities, const Options& options) {
  std::vector<RowWrite> writes;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    const auto row = identities[i];
    writes.push_back({RowWrite::Kind::erase, options.identities, {{"userid", user_id}, {"idtype", row["idtype"]}, {"provider", row["provider"]}}, {}});
  }
  return writes;
}

std::vector<CacheGroup> cache_removals(const std::string& user_id, const Options& options) {
  std::vector<CacheGroup> groups;
  for (const CacheId& cache : options.caches) {
    groups.push_back({{.kind = CacheWrite::Kind::erase, .cache = cache, .key = "user:" + user_id, .value = {}}});
  }
  return groups;
}

std::string date_text(Timestamp time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time.ms)};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}:{:03}+0000", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace lernd::user_deletion_cleanup
