#include "unit/jobs/user_cache_updater/model.h"

#include <algorithm>
#include <set>

#include "unit/jobs/model_json.h"

namespace lernd::user_cache_updater {
namespace {

using Json = Model::Json;
using model_json::at;
using model_json::lower;
using model_json::string_at;

std::string bracketed(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '[' ? "\\[" : c == ']' ? "\\]" : std::string(1, c);
  return out;
}

std::string quoted(const std::string& text) {
  static const std::map<char, std::string> kHtml = {{'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"}, {'=', "\\u003d"}, {'\'', "\\u0027"}};
  std::string out;
  for (const char c : Json(text).dump()) out += kHtml.contains(c) ? kHtml.at(c) : std::string(1, c);
  return out;
}

/// The generator makes no fractions and no large numbers.
std::string scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_boolean() ? value.dump() : std::to_string(value.get<int>()) + ".0";
}

bool is_scalar(const Json& value) { return value.is_string() || value.is_boolean() || value.is_number(); }

Json as_list(const Json& value) { return value.is_string() ? Json::array({value}) : value; }

std::string list(const Json& value, const std::string& otherwise) {
  if (!as_list(value).is_array()) return otherwise;
  std::vector<std::string> parts;
  for (const Json& item : as_list(value)) {
    if (item.is_null()) parts.emplace_back("null");
    if (is_scalar(item)) parts.push_back(quoted(scalar(item)));
  }
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ",") + part;
  return "[" + out + "]";
}

std::string first(const Json& value) {
  const Json all = as_list(value);
  return all.is_array() && !all.empty() && is_scalar(all[0]) ? scalar(all[0]) : "";
}

std::string join_distinct(const Json& types, const std::string& name) {
  std::vector<std::string> seen;
  for (const Json& type : types) {
    const std::string value = string_at(type, name);
    if (!value.empty() && std::ranges::find(seen, value) == seen.end()) seen.push_back(value);
  }
  std::string out;
  for (const auto& value : seen) out += (out.empty() ? "" : ",") + value;
  return bracketed(out);
}

}  // namespace

Model::Entry Model::profile_fields(const Json& profile) const {
  Entry fields;
  const Json framework = at(profile, "framework");
  if (!categories && framework.is_object() && std::ranges::any_of(framework, [](const Json& member) { return !member.is_null(); })) {
    fields = {{"board", bracketed(first(at(framework, "board")))},
              {"framework", bracketed(first(at(framework, "id")))},
              {"medium", list(at(framework, "medium"), "[]")},
              {"subject", list(at(framework, "subject"), "[]")},
              {"grade", list(at(framework, "gradeLevel"), "[]")}};
  }
  if (const std::string id = first(at(framework, "id")); categories && !id.empty()) {
    fields["framework_id"] = bracketed(id);
    if (frameworks.contains(id)) {
      for (const std::string& code : frameworks.at(id)) {
        const Json values = as_list(at(framework, code));
        if (values.is_array() && !values.empty()) fields["framework_" + code] = list(values, "");
      }
    }
  }
  const Json locations = at(profile, "userLocations");
  for (std::size_t i = 0; locations.is_array() && i < locations.size(); ++i) {
    const std::string type = string_at(locations[i], "type");
    if (lower(type) == "school") {
      fields["schoolname"] = bracketed(string_at(locations[i], "name"));
      fields["schooludisecode"] = bracketed(string_at(locations[i], "code"));
    } else if (!type.empty()) {
      fields[type] = bracketed(string_at(locations[i], "name"));
    }
  }
  if (const Json types = at(profile, "profileUserTypes"); types.is_array() && !types.empty()) {
    fields["usertype"] = join_distinct(types, "type");
    fields["usersubtype"] = join_distinct(types, "subType");
    std::string text;
    for (const Json& type : types) {
      std::string members;
      for (const std::string name : {"subType", "type"}) {
        if (at(type, name).is_string()) members += (members.empty() ? "" : ",") + quoted(name) + ":" + quoted(string_at(type, name));
      }
      text += (text.empty() ? "" : ",") + (type.is_null() ? "null" : "{" + members + "}");
    }
    fields["profileusertypes"] = bracketed("[" + text + "]");
  }
  const std::map<std::string, std::string> personal = {{"firstname", "firstName"}, {"lastname", "lastName"},   {"phone", "encPhone"},
                                                       {"email", "encEmail"},      {"rootorgid", "rootOrgId"}, {"userid", "userId"}};
  for (const auto& [field, name] : personal) fields[field] = bracketed(string_at(profile, name));
  fields["orgname"] = bracketed(string_at(at(profile, "rootOrg"), "orgName"));
  fields["language"] = list(at(profile, "language"), "");
  if (categories) fields["status"] = at(profile, "status").is_number() ? scalar(at(profile, "status")) : "";
  return fields;
}

void Model::remove(Entry& entry, const Entry& fields) const {
  static const std::set<std::string> kRemovable = {"state", "district", "block", "cluster", "schooludisecode", "schoolname"};
  for (auto field = entry.begin(); field != entry.end();) {
    const bool places = kRemovable.contains(field->first) && !fields.contains(field->first);
    const bool framework = categories && field->first.find("framework_") != std::string::npos;
    field = !field->second.empty() && (places || framework) ? entry.erase(field) : std::next(field);
  }
}

bool Model::take(const Json& event) {
  const std::string id = string_at(at(event, "object"), "id");
  const Json state = at(at(event, "edata"), "state");
  if (lower(string_at(at(event, "object"), "type")) != "user" || id.empty() || !state.is_string()) {
    ++counters["skipped-message-count"];
    return true;
  }
  std::set<std::string> known = {"create", "created", "update", "updated"};
  if (categories) known.insert({"delete", "deleted"});
  if (!known.contains(lower(state))) {
    counters["skipped-message-count"] += 2;
    return true;
  }
  Entry general;
  const Json cdata = at(at(event, "context"), "cdata");
  for (std::size_t i = 0; cdata.is_array() && i < cdata.size(); ++i) {
    const std::string type = lower(string_at(cdata[i], "type"));
    const Json value = at(cdata[i], "id");
    if (!is_scalar(value)) continue;
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (type == "userrole") general["userlogintype"] = bracketed(text);
    if (type == "signuptype") {
      general.erase("usersignintype");
      if (text == "google" || text == "self") general["usersignintype"] = "Self-Signed-In";
      if (text == "sso") general["usersignintype"] = "Validated";
    }
  }
  const bool reads = string_at(at(at(event, "context"), "pdata"), "pid") == "learner-service";
  Entry fields;
  if (reads) {
    const Json answer = answers.contains(id) ? answers.at(id) : Json();
    const std::string code = lower(string_at(answer, "responseCode"));
    if (code.empty()) return false;
    const Json profile = at(at(answer, "result"), "response");
    if (code == "ok" && profile.is_object()) {
      ++counters["api-read-success-count"];
      fields = profile_fields(profile);
    } else {
      ++counters["api-read-miss-count"];
      if (code != "client_error" || lower(string_at(at(answer, "params"), "err")) != "uos_usrred0006") return false;
    }
  }
  for (const auto& [field, value] : general) fields[field] = value;
  if (fields.empty()) {
    ++counters["skipped-message-count"];
    return true;
  }
  Entry& entry = entries["user:" + id];
  if (reads) remove(entry, fields);
  for (const auto& [field, value] : fields) entry[field] = value;
  ++counters["success-message-count"];
  ++counters["user-cache-hit"];
  return true;
}

}  // namespace lernd::user_cache_updater
