#include "jobs/activity_aggregate_updater/fingerprints.h"

#include <fmt/format.h>

#include "core/md5.h"
#include "jobs/course_progress/progress.h"

namespace lernd::activity_aggregate_updater {

Result<Fingerprints> Fingerprints::of(const ContentsFinished& event, const Options& options) {
  Fingerprints fingerprints(options);
  if (!options.drop_duplicates) return fingerprints;
  const auto& [user_id, course_id, batch_id] = event.enrolment;
  for (const std::string& content_id : event.contents) {
    const auto [place, is_new] = fingerprints.entries_.try_emplace(content_id);
    if (!is_new) continue;
    auto key = md5_hex(fmt::format("{}|{}|{}|{}|{}", course_id, batch_id, user_id, content_id, course_progress::kCompleted));
    if (!key) return std::unexpected(std::move(key).error());
    place->second.key = *std::move(key);
  }
  return fingerprints;
}

bool Fingerprints::look_up(const Facts& facts, Ask& ask) {
  bool known = true;
  for (auto& [content_id, entry] : entries_) {
    const CacheValue* found = facts.cache({.cache = options_->fingerprints, .kind = CacheKind::text, .key = entry.key}, ask);
    known &= found != nullptr;
    if (found != nullptr && !found->missing()) entry.state = State::counted_before;
  }
  return known;
}

bool Fingerprints::remembers(std::string_view content_id) const {
  const auto found = entries_.find(content_id);
  return found != entries_.end() && found->second.state != State::unknown;
}

void Fingerprints::remember(std::string_view content_id) {
  if (const auto found = entries_.find(content_id); found != entries_.end()) found->second.state = State::counted_now;
}

std::vector<CacheWrite> Fingerprints::writes() const {
  std::vector<CacheWrite> writes;
  for (const auto& [content_id, entry] : entries_) {
    if (entry.state != State::counted_now) continue;
    writes.push_back(
        {.kind = CacheWrite::Kind::put_text, .cache = options_->fingerprints, .key = entry.key, .value = {.text = ""}, .expiry = options_->fingerprint_expiry});
  }
  return writes;
}

}  // namespace lernd::activity_aggregate_updater
