#include "unit/jobs/user_deletion_cleanup/model.h"

#include <algorithm>

#include "unit/jobs/model_json.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Json = Model::Json;
using model_json::at;
using model_json::lower;
using model_json::string_at;

bool same(const std::string& a, const std::string& b) { return !a.empty() && lower(a) == lower(b); }

bool blank_text(const std::string& text) { return text.find_first_not_of(" \t\n") == std::string::npos; }

}  // namespace

void Model::blank(const std::string& id) {
  if (!users.contains(id)) return;
  users[id].status = 2;
  for (const char* column : {"maskedemail", "maskedphone", "recoveryemail", "recoveryphone", "prevusedemail", "prevusedphone", "username", "firstname",
                             "lastname", "dob", "email", "phone"}) {
    users[id].texts[column] = "";
  }
}

bool Model::take(const Json& event) {
  const Json edata = at(event, "edata");
  const std::string id = string_at(edata, "userId");
  const std::string organisation = string_at(edata, "organisationId");
  const auto skip = [&] { return ++counters["skipped-message-count"] > 0; };
  if (id.empty()) return skip();
  const Account account = accounts.contains(id) ? accounts[id] : Account();
  if (account.answer == Answer::away || account.answer == Answer::no_json) return false;
  if (account.answer == Answer::refused) return skip();
  ++counters["api-read-success-count"];
  const bool shown = account.answer == Answer::account;
  if (shown && !(same(string_at(account.shown, "identifier"), id) && same(string_at(account.shown, "rootOrgId"), organisation))) return skip();
  if (!users.contains(id)) return false;
  if (!shown && !same(users[id].root.value_or(""), organisation)) return skip();
  if (memberships.contains({id, organisation})) memberships[{id, organisation}] = true;
  const bool all = shown && users[id].status != 2;
  if (all) {
    audits.emplace_back(id, credentials.erase(id) > 0);
    for (const char* type : {"email", "phone", "username"}) {
      for (const std::string& value : {string_at(account.shown, type), users[id].texts[type]}) {
        if (!blank_text(value)) lookups.erase({type, value});
      }
    }
    if (const std::string external = string_at(account.shown, "externalId"); !blank_text(external)) lookups.erase({"externalid", external});
    identities.erase(id);
    blank(id);
  }
  if (all || !shown) cached.erase(id);
  if (at(edata, "managed_users").is_array()) {
    for (const Json& managed : edata["managed_users"]) {
      if (managed.is_string()) blank(managed);
      if (managed.is_number_integer()) blank(std::to_string(managed.get<int>()));
    }
  }
  return true;
}

}  // namespace lernd::user_deletion_cleanup
