#include "jobs/user_cache_updater/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/user_cache_updater/entry_change.h"
#include "jobs/user_cache_updater/framework_read.h"
#include "jobs/user_cache_updater/text_forms.h"
#include "jobs/user_cache_updater/user_read.h"

namespace lernd::user_cache_updater {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& value) { return std::ranges::find(list, value) != list.end(); }

/// What an event says by itself.
Fields general_fields(const Change& change, const Options& options) {
  Fields fields;
  if (change.sign_up && contains(options.validated_sign_ups, *change.sign_up)) {
    fields["usersignintype"] = options.validated;
  } else if (change.sign_up && contains(options.self_sign_ups, *change.sign_up)) {
    fields["usersignintype"] = options.self_signed_in;
  }
  if (change.role) fields["userlogintype"] = plain_text(*change.role);
  return fields;
}

void count_read(Counts& counts, const UserRead& read, std::size_t events) {
  if (read.readable) counts.add(read.outcome == UserRead::Outcome::found ? counter::kReads : counter::kMisses, events);
}

/// The fields of a profile; a step instead while the categories of its framework are missing.
std::variant<Fields, Step> profile_fields(JsonView profile, const Facts& facts, const Options& options) {
  if (options.layout == Layout::bmgs) return fields_of_profile(profile, options.layout, {});
  const std::string framework = framework_id(profile);
  if (framework.empty()) return fields_of_profile(profile, options.layout, {});
  if (!can_be_asked_for(framework)) {
    return Reject{{Treatment::reject, ErrorCode::bad_answer, "the framework of the profile has an id that no service could be asked about"}, {}};
  }
  Ask ask;
  const HttpAnswer* answer = facts.http(categories_query(options, framework), ask);
  if (answer == nullptr) return ask;
  const auto categories = category_codes(*answer);
  if (!categories) return Reject{categories.error(), {}};
  return fields_of_profile(profile, options.layout, *categories);
}

/// The plan, once all is known. `profile` is empty where it was not asked for, and where the account is blocked.
Plan plan_of(const UserAudited& event, const Fields& profile, const CacheValue& stored, const Options& options) {
  Plan plan;
  EntryChange entry(options, stored);
  for (const Change& change : event.changes) {
    // Twice: for the state, and as there is nothing to write.
    if (!change.wanted) plan.counts.add(counter::kSkipped);
    Fields fields = general_fields(change, options);
    fields.insert(profile.begin(), profile.end());
    if (change.passed_by) {
      plan.remarks.push_back({"an event of a user service does not make the job read the profile: its context.pdata.pid is not regd.user.producer.pid",
                              fmt::format("user {}", event.user_id)});
    }
    if (fields.empty()) {
      plan.counts.add(counter::kSkipped);
      continue;
    }
    if (event.reads_profile) entry.remove_stale(fields);
    entry.put(fields);
    plan.counts.add(counter::kSucceeded);
    plan.counts.add(counter::kHits);
  }
  if (entry.any()) append_stage(plan, {entry.write(event.user_id)}, 1);
  return plan;
}

}  // namespace

Step advance(const UserAudited& event, const Facts& facts, const Options& options) {
  if (!event.reads_profile) return plan_of(event, {}, {}, options);
  if (!can_be_asked_for(event.user_id)) {
    return Reject{{Treatment::reject, ErrorCode::malformed_record, "object.id is nothing that the user service could be asked about"}, {}};
  }
  Ask ask;
  const HttpAnswer* answer = facts.http(profile_query(options, event.user_id), ask);
  const CacheValue* stored = facts.cache(stored_query(options, event.user_id), ask);
  if (ask.pending()) return ask;

  const UserRead read = user_read(*answer, options);
  if (read.outcome == UserRead::Outcome::failed) return Reject{read.error, {}, read.own_fault};
  Fields profile;
  if (read.outcome == UserRead::Outcome::found) {
    auto fields = profile_fields(read.profile, facts, options);
    if (Step* step = std::get_if<Step>(&fields)) return std::move(*step);
    profile = std::get<Fields>(std::move(fields));
  }
  Plan plan = plan_of(event, profile, *stored, options);
  count_read(plan.counts, read, event.changes.size());
  return plan;
}

Plan parked(const UserAudited& event, const Facts& facts, const Options& options) {
  Plan plan;
  if (!event.reads_profile) return plan;
  Ask unused;
  const HttpAnswer* answer = facts.http(profile_query(options, event.user_id), unused);
  if (answer != nullptr) count_read(plan.counts, user_read(*answer, options), event.changes.size());
  return plan;
}

}  // namespace lernd::user_cache_updater
