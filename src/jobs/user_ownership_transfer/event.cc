#include "jobs/user_ownership_transfer/event.h"

#include "core/json.h"
#include "jobs/job_request.h"
#include "jobs/service_call.h"

namespace lernd::user_ownership_transfer {
namespace {

JsonView in(JsonView object, std::string_view member) { return object.find(member).value_or(JsonView()); }

std::string text_in(JsonView object, std::string_view member) { return std::string(in(object, member).text().value_or("")); }

Asset asset_in(JsonView edata) {
  const JsonView asset = in(edata, "assetInformation");
  if (asset.members().empty()) return {};
  return {.named = true, .type = text_in(asset, "objectType"), .id = text_in(asset, "identifier")};
}

std::string_view fault_of(const Transfer& transfer) {
  if (transfer.from.empty()) return "edata.fromUserProfile.userId is missing or no text";
  if (transfer.to.empty()) return "edata.toUserProfile.userId is missing or no text";
  if (!can_be_asked_for(transfer.from)) return "edata.fromUserProfile.userId is nothing that the user service could be asked about";
  if (!can_be_asked_for(transfer.to)) return "edata.toUserProfile.userId is nothing that the user service could be asked about";
  return "";
}

}  // namespace

std::expected<Transfer, Skip> read(const Record& record) {
  const auto document = read_json_object(record);
  if (!document) return std::unexpected(document.error());
  const JsonView root = document->root();
  const JsonView edata = in(root, "edata");
  Transfer transfer;
  transfer.from = text_in(in(edata, "fromUserProfile"), "userId");
  transfer.to = text_in(in(edata, "toUserProfile"), "userId");
  transfer.organisation = text_in(edata, "organisationId");
  transfer.asset = asset_in(edata);
  transfer.requests.push_back({.mid = text_in(root, "mid"), .by = text_in(in(edata, "actionBy"), "userId"), .context = text_in(edata, "context")});
  transfer.fault = fault_of(transfer);
  return transfer;
}

}  // namespace lernd::user_ownership_transfer
