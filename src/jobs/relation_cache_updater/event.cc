#include "jobs/relation_cache_updater/event.h"

#include "jobs/job_request.h"
#include "jobs/relation_cache_updater/hierarchy.h"

namespace lernd::relation_cache_updater {

std::expected<CollectionPublished, Skip> read(const Record& record) {
  const auto request = read_job_request(record);
  if (!request) return std::unexpected(request.error());
  const auto action = request->edata.find("action").value_or(JsonView()).text();
  if (action != "post-publish-process" && action != "relation-cache-update") {
    return not_for_this_job("edata.action is neither post-publish-process nor relation-cache-update");
  }
  if (!is_collection(request->edata)) return not_for_this_job("edata.mimeType is not that of a collection");
  const auto id = id_in(request->edata, "identifier");
  if (!id) return not_for_this_job("edata.identifier is missing, blank or not a string");
  CollectionPublished published;
  published.collection_id = *id;
  return published;
}

}  // namespace lernd::relation_cache_updater
