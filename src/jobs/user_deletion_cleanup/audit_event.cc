#include "jobs/user_deletion_cleanup/audit_event.h"

#include <fmt/format.h>

#include "core/json.h"

namespace lernd::user_deletion_cleanup {
namespace {

/// All but the credentials are removed whenever the event is sent at all.
std::string steps(bool credentials_removed) {
  return fmt::format("{{keycloakCredentials:{}, userLookUpTable:true, userExternalIdTable:true, userTable:true, redisCache:true}}", credentials_removed);
}

void append_user(JsonWriter& json, const std::string& user_id) { json.open_object().name("id").text(user_id).name("type").text("User").close_object(); }

}  // namespace

std::string audit_event(const Deletion& event, bool credentials_removed, const Stamp& stamp) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("eid").text("AUDIT").name("ets").integer(stamp.now.ms).name("ver").text("3.0");
  json.name("mid").text("LP.AUDIT." + stamp.uuid(0));
  append_user(json.name("actor"), event.user_id);
  json.name("context").open_object().name("channel").text(event.organisation).name("env").text("User");
  json.name("sid").text(stamp.uuid(1)).name("did").text(stamp.uuid(2));
  json.name("pdata").open_object().name("ver").text("3.0").name("id").text("org.sunbird.learning.platform").name("pid").text("user-delete").close_object();
  append_user(json.name("cdata").open_array(), event.user_id);
  json.close_array().close_object();
  append_user(json.name("object"), event.user_id);
  json.name("edata").open_object().name("props").open_array().text(steps(credentials_removed)).close_array();
  json.name("type").text("DeleteUserStatus").name("status").text("Delete").close_object();
  json.name("syncts").integer(stamp.now.ms).name("tags").open_array().close_array().close_object();
  return body;
}

}  // namespace lernd::user_deletion_cleanup
