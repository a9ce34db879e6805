#include "unit/jobs/user_ownership_transfer/model.h"

#include <algorithm>

#include "unit/jobs/model_json.h"

namespace lernd::user_ownership_transfer {
namespace {

using Json = Model::Json;
using model_json::at;
using model_json::lower;
using model_json::string_at;

void replace(Json& value, const std::string& from, const std::string& to) {
  if (value.is_string() && value == Json(from)) {
    value = to;
  } else if (value.is_structured()) {
    for (Json& part : value) replace(part, from, to);
  }
}

void drop_repeated(Json& list, const std::string& text) {
  Json kept = Json::array();
  bool seen = false;
  for (const Json& one : list) {
    if (one == Json(text) && seen) continue;
    seen |= one == Json(text);
    kept.push_back(one);
  }
  list = kept;
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return lower(text);
}

}  // namespace

void Model::count(const std::string& name, std::uint64_t n) {
  if (n > 0) counters[name] += n;
}

Model::Verdict Model::check(const std::string& user, const std::string& organisation, bool is_old) {
  const auto found = users.find(user);
  if (found == users.end()) return Verdict::fails;
  const User& known = found->second;
  switch (known.state) {
    case State::away:
      return Verdict::error;
    case State::forbidden:
      return Verdict::fails;
    case State::blocked:
      if (!is_old || !accepts_deleted || !known.stored_organisation || organisation.empty()) return Verdict::fails;
      return lower(*known.stored_organisation) == lower(organisation) ? Verdict::passes : Verdict::fails;
    case State::active:
      break;
  }
  count("api-read-success-count");
  return !organisation.empty() && lower(known.organisation) == lower(organisation) ? Verdict::passes : Verdict::fails;
}

std::vector<std::pair<std::string, std::string>> Model::find(const std::string& field, const std::string& user) const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [id, document] : documents) {
    const Json value = at(document, field);
    const bool named = value == Json(user) || (value.is_array() && std::ranges::find(value, Json(user)) != value.end());
    if (named && (document["status"] == 0 || document["status"] == 1)) found.emplace_back(document["courseId"], id);
  }
  return found;
}

bool Model::take(const Json& event) {
  const Json edata = at(event, "edata");
  const std::string from = string_at(at(edata, "fromUserProfile"), "userId");
  const std::string to = string_at(at(edata, "toUserProfile"), "userId");
  const std::string organisation = string_at(edata, "organisationId");
  const Json asset = at(edata, "assetInformation");
  const bool for_one = filters_assets && asset.is_object() && !asset.empty();
  bool valid = !from.empty() && !to.empty();
  if (for_one) valid &= without_blanks(string_at(asset, "objectType")) == "coursebatch" && !string_at(asset, "identifier").empty();
  for (const auto& [user, is_old] : {std::pair(from, true), std::pair(to, false)}) {
    const Verdict verdict = valid ? check(user, organisation, is_old) : Verdict::fails;
    if (verdict == Verdict::error) return false;
    valid = verdict == Verdict::passes;
  }
  if (!valid) {
    count("skipped-message-count");
    return true;
  }
  if (from != to && !searches_away.empty()) return false;
  std::uint64_t creators = 0;
  std::uint64_t mentored = 0;
  std::set<std::string> batches;
  if (from != to) {
    for (const auto& key : find("createdBy", from)) {
      if (!rows.contains(key) || (for_one && key.second != string_at(asset, "identifier"))) continue;
      batches.insert(key.second);
      if (rows[key].creator != from) continue;
      rows[key].creator = to;
      ++creators;
    }
    for (const auto& key : find("mentors", from)) {
      if (!rows.contains(key) || (for_one && key.second != string_at(asset, "identifier"))) continue;
      batches.insert(key.second);
      auto& mentors = rows[key].mentors;
      if (std::erase(mentors, from) == 0) continue;
      if (std::ranges::find(mentors, to) == mentors.end()) mentors.push_back(to);
      ++mentored;
    }
  }
  for (const std::string& batch : batches) {
    Json& document = documents[batch];
    replace(document, from, to);
    if (at(document, "mentors").is_array()) drop_repeated(document["mentors"], to);
  }
  count("db-update-success-count", (creators + group - 1) / group + (mentored + group - 1) / group);
  count("success-message-count");
  return true;
}

}  // namespace lernd::user_ownership_transfer
