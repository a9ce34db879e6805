#include "jobs/user_cache_updater/profile.h"

#include <algorithm>
#include <array>
#include <utility>

#include "jobs/job_request.h"
#include "jobs/user_cache_updater/text_forms.h"

namespace lernd::user_cache_updater {
namespace {

JsonView in(JsonView object, std::string_view member) { return object.find(member).value_or(JsonView()); }

std::string text_in(JsonView object, std::string_view member) { return plain_text(in(object, member).text().value_or("")); }

/// The first element of a list, as a text that is not escaped; empty when there is none.
std::string first_in(JsonView object, std::string_view member) {
  const auto elements = elements_of(in(object, member));
  return elements && !elements->empty() ? scalar_text(elements->front()).value_or("") : "";
}

std::string list_in(JsonView object, std::string_view member, std::string_view otherwise) {
  const auto elements = elements_of(in(object, member));
  return elements ? list_text(*elements) : std::string(otherwise);
}

void add_bmgs(Fields& fields, JsonView framework) {
  const auto members = framework.members();
  if (std::ranges::all_of(members, [](const auto& member) { return member.second.is_null(); })) return;
  fields["board"] = plain_text(first_in(framework, "board"));
  fields["framework"] = plain_text(first_in(framework, "id"));
  fields["medium"] = list_in(framework, "medium", "[]");
  fields["subject"] = list_in(framework, "subject", "[]");
  fields["grade"] = list_in(framework, "gradeLevel", "[]");
}

void add_categories(Fields& fields, JsonView profile, const std::vector<std::string>& categories) {
  const std::string id = framework_id(profile);
  if (id.empty()) return;
  const std::string prefix(kFrameworkField);
  fields[prefix + "id"] = plain_text(id);
  for (const std::string& category : categories) {
    const auto elements = elements_of(in(in(profile, "framework"), category));
    if (elements && !elements->empty()) fields[prefix + category] = list_text(*elements);
  }
}

void add_locations(Fields& fields, JsonView locations) {
  for (const JsonView location : locations.items()) {
    const auto type = in(location, "type").text().value_or("");
    if (type.empty()) continue;
    if (equal_ignoring_case(type, "school")) {
      fields["schoolname"] = text_in(location, "name");
      fields["schooludisecode"] = text_in(location, "code");
    } else {
      fields[std::string(type)] = text_in(location, "name");
    }
  }
}

/// The values that differ and are not empty, in the order of their first appearance.
std::string joined(const std::vector<JsonView>& objects, std::string_view member) {
  std::vector<std::string_view> seen;
  std::string text;
  for (const JsonView object : objects) {
    const auto value = in(object, member).text().value_or("");
    if (value.empty() || std::ranges::find(seen, value) != seen.end()) continue;
    if (!seen.empty()) text += ',';
    text += value;
    seen.push_back(value);
  }
  return plain_text(text);
}

void add_user_types(Fields& fields, JsonView user_types) {
  auto elements = user_types.items();
  std::erase_if(elements, [](JsonView element) { return !element.is_object() && !element.is_null(); });
  if (elements.empty()) return;
  fields["usertype"] = joined(elements, "type");
  fields["usersubtype"] = joined(elements, "subType");
  fields["profileusertypes"] = plain_text(objects_text(elements));
}

void add_personal(Fields& fields, JsonView profile, Layout layout) {
  constexpr std::array<std::pair<const char*, std::string_view>, 6> kTexts = {
      {{"firstname", "firstName"}, {"lastname", "lastName"}, {"phone", "encPhone"}, {"email", "encEmail"}, {"rootorgid", "rootOrgId"}, {"userid", "userId"}}};
  for (const auto& [field, member] : kTexts) fields[field] = text_in(profile, member);
  fields["orgname"] = text_in(in(profile, "rootOrg"), "orgName");
  fields["language"] = list_in(profile, "language", "");
  if (layout == Layout::bmgs) return;
  const auto status = in(profile, "status").number();
  fields["status"] = status ? floating_text(*status) : "";
}

}  // namespace

std::string framework_id(JsonView profile) { return first_in(in(profile, "framework"), "id"); }

Fields fields_of_profile(JsonView profile, Layout layout, const std::vector<std::string>& categories) {
  Fields fields;
  if (layout == Layout::bmgs) {
    add_bmgs(fields, in(profile, "framework"));
  } else {
    add_categories(fields, profile, categories);
  }
  add_locations(fields, in(profile, "userLocations"));
  add_user_types(fields, in(profile, "profileUserTypes"));
  add_personal(fields, profile, layout);
  return fields;
}

}  // namespace lernd::user_cache_updater
