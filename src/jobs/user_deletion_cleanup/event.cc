#include "jobs/user_deletion_cleanup/event.h"

#include <algorithm>

#include "core/json.h"
#include "jobs/job_request.h"
#include "jobs/service_call.h"

namespace lernd::user_deletion_cleanup {
namespace {

std::vector<std::string> managed_in(JsonView edata) {
  std::vector<std::string> managed;
  for (const JsonView entry : edata.find("managed_users").value_or(JsonView()).items()) {
    auto id = id_text(entry);
    if (id && !id->empty() && std::ranges::find(managed, *id) == managed.end()) managed.push_back(*std::move(id));
  }
  return managed;
}

}  // namespace

std::expected<Deletion, Skip> read(const Record& record) {
  const auto request = read_job_request(record);
  if (!request) return std::unexpected(request.error());
  Deletion deletion;
  deletion.user_id = request->edata.find("userId").value_or(JsonView()).text().value_or("");
  if (deletion.user_id.empty()) return not_for_this_job("edata.userId is missing, empty or no text");
  if (!can_be_asked_for(deletion.user_id)) return not_for_this_job("edata.userId is nothing that the user service could be asked about");
  deletion.organisation = request->edata.find("organisationId").value_or(JsonView()).text().value_or("");
  deletion.managed = managed_in(request->edata);
  return deletion;
}

}  // namespace lernd::user_deletion_cleanup
