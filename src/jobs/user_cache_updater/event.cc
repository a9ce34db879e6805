#include "jobs/user_cache_updater/event.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "jobs/job_request.h"

namespace lernd::user_cache_updater {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"create", "created", "update", "updated", "delete", "deleted"};
/// The first so many states are those of the older layout.
constexpr std::size_t kBmgsStates = 4;
/// What the user service calls itself, by its version.
constexpr std::array<std::string_view, 2> kUserServices = {"learner-service", "userorg-service"};

JsonView in(JsonView object, std::string_view member) { return object.find(member).value_or(JsonView()); }

std::string_view text_in(JsonView object, std::string_view member) { return in(object, member).text().value_or(""); }

bool is_wanted(std::string_view state, Layout layout) {
  const auto states = std::span(kStates).first(layout == Layout::bmgs ? kBmgsStates : kStates.size());
  return std::ranges::any_of(states, [&](std::string_view known) { return equal_ignoring_case(state, known); });
}

void take_context_data(JsonView context, Change& change) {
  for (const JsonView entry : in(context, "cdata").items()) {
    const auto type = in(entry, "type").text();
    auto id = id_text(in(entry, "id"));
    if (!type || !id) continue;
    if (equal_ignoring_case(*type, "SignupType")) {
      change.sign_up = std::move(id);
    } else if (equal_ignoring_case(*type, "UserRole")) {
      change.role = std::move(id);
    }
  }
}

}  // namespace

UserAudited profile_changed(std::string user_id) {
  UserAudited event;
  event.user_id = std::move(user_id);
  event.reads_profile = true;
  event.changes.emplace_back();
  return event;
}

std::expected<UserAudited, Skip> read(const Record& record, const Options& options) {
  const auto document = read_json_object(record, JsonDocument::parse_first);
  if (!document) return std::unexpected(document.error());
  const JsonView root = document->root();
  const JsonView object = in(root, "object");
  const auto id = text_in(object, "id");
  if (!equal_ignoring_case(text_in(object, "type"), "user") || id.empty()) return not_for_this_job("object is no user, or has no id");
  const auto state = in(in(root, "edata"), "state").text();
  if (!state) return not_for_this_job("edata.state is missing or not a string");

  UserAudited event;
  event.user_id = id;
  Change& change = event.changes.emplace_back();
  change.wanted = is_wanted(*state, options.layout);
  if (!change.wanted) return event;
  const JsonView context = in(root, "context");
  const auto producer = text_in(in(context, "pdata"), "pid");
  event.reads_profile = producer == options.producer;
  change.passed_by = !event.reads_profile && std::ranges::find(kUserServices, producer) != kUserServices.end();
  take_context_data(context, change);
  return event;
}

}  // namespace lernd::user_cache_updater
