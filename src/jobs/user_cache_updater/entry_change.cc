#include "jobs/user_cache_updater/entry_change.h"

#include <algorithm>

namespace lernd::user_cache_updater {
namespace {

std::string key_of(const std::string& user_id) { return "user:" + user_id; }

}  // namespace

bool EntryChange::may_go(const std::string& field) const {
  if (std::ranges::find(options_.removable, field) != options_.removable.end()) return true;
  return options_.layout == Layout::categories && field.contains(kFrameworkField);
}

void EntryChange::remove_stale(const Fields& fields) {
  const auto is_stale = [&](const auto& field) { return !field.second.empty() && !fields.contains(field.first) && may_go(field.first); };
  for (const auto& field : stored_.fields) {
    // What was put meanwhile is no longer as it was stored.
    if (!put_.contains(field.first) && is_stale(field)) dropped_.insert(field.first);
  }
  for (auto field = put_.begin(); field != put_.end();) {
    if (is_stale(*field)) {
      dropped_.insert(field->first);
      field = put_.erase(field);
    } else {
      ++field;
    }
  }
}

void EntryChange::put(const Fields& fields) {
  for (const auto& [field, value] : fields) {
    put_.insert_or_assign(field, value);
    dropped_.erase(field);
  }
}

CacheWrite EntryChange::write(const std::string& user_id) const {
  CacheWrite write{.kind = CacheWrite::Kind::put_fields, .cache = options_.users, .key = key_of(user_id), .value = {}, .expiry = options_.expiry};
  write.value.fields.assign(put_.begin(), put_.end());
  write.drop.assign(dropped_.begin(), dropped_.end());
  return write;
}

CacheQuery stored_query(const Options& options, const std::string& user_id) {
  CacheQuery query{.cache = options.users, .kind = CacheKind::hash, .key = key_of(user_id)};
  // Which fields of a framework there are shows only the whole entry.
  if (options.layout == Layout::bmgs) query.fields = options.removable;
  return query;
}

}  // namespace lernd::user_cache_updater
