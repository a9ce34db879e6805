#include "runtime/asker.h"

#include <algorithm>

namespace lernd {
namespace {

/// More remembered answers than this, and those that are out of date are dropped.
constexpr std::size_t kRememberedMax = 10000;
/// So that not every batch waits for a service that is away.
constexpr std::chrono::seconds kStandInFor{30};
constexpr int kDone = 204;

template <class Query, class Seen>
void add_new(const std::vector<Query>& queries, Seen& seen, std::vector<Query>& merged) {
  for (const Query& query : queries) {
    if (seen.insert(query).second) merged.push_back(query);
  }
}

template <class Query, class Failed>
const Error* first_failed(const std::vector<Query>& queries, const Failed& failed) {
  if (failed.empty()) return nullptr;
  for (const Query& query : queries) {
    if (const auto found = failed.find(query); found != failed.end()) return &found->second;
  }
  return nullptr;
}

/// Hands the answers of one port over to the facts, and the errors to the unanswered.
template <class Query, class Answers, class Failed>
void take(const std::vector<Query>& queries, Answers&& answers, Facts& facts, Failed& failed) {
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (answers[i]) {
      facts.put(queries[i], *std::move(answers[i]));
    } else {
      failed.emplace(queries[i], std::move(answers[i]).error());
    }
  }
}

}  // namespace

void MergedAsk::add(const Ask& ask) {
  add_new(ask.rows, rows_, ask_.rows);
  add_new(ask.cache, cache_, ask_.cache);
  add_new(ask.http, http_, ask_.http);
  add_new(ask.documents, documents_, ask_.documents);
}

const Error* Unanswered::find(const Ask& ask) const {
  if (const Error* error = first_failed(ask.rows, rows)) return error;
  if (const Error* error = first_failed(ask.cache, cache)) return error;
  if (const Error* error = first_failed(ask.http, http)) return error;
  return first_failed(ask.documents, documents);
}

Unanswered Asker::answer(const Ask& ask, Facts& facts) {
  Unanswered unanswered;
  if (std::ranges::any_of(ask.cache, [](const CacheQuery& query) { return query.attempt > 0; })) ports_.clock.sleep(reread_pause_);
  if (!ask.rows.empty()) take(ask.rows, ports_.tables.read(ask.rows), facts, unanswered.rows);
  if (!ask.cache.empty()) take(ask.cache, ports_.cache.read(ask.cache), facts, unanswered.cache);
  if (!ask.http.empty()) answer_http(ask.http, facts, unanswered);
  if (!ask.documents.empty()) answer_documents(ask.documents, facts, unanswered);
  return unanswered;
}

void Asker::answer_documents(const std::vector<DocumentId>& documents, Facts& facts, Unanswered& unanswered) {
  if (ports_.search == nullptr) {
    for (const DocumentId& one : documents) {
      unanswered.documents.emplace(one, Error{Treatment::fatal, ErrorCode::internal, "the job asks for documents and names no index in its description"});
    }
    return;
  }
  take(documents, ports_.search->read(documents), facts, unanswered.documents);
}

Asker::Remembered* Asker::stand_in(const HttpQuery& query, const Result<HttpAnswer>& answer) {
  if (query.failure == nullptr) return nullptr;
  if (answer ? !query.failure(*answer) : answer.error().treatment == Treatment::fatal) return nullptr;
  const auto found = remembered_.find(query);
  return found == remembered_.end() ? nullptr : &found->second;
}

void Asker::answer_http(const std::vector<HttpQuery>& queries, Facts& facts, Unanswered& unanswered) {
  const auto now = ports_.clock.steady();
  std::vector<HttpQuery> open;
  for (const HttpQuery& query : queries) {
    if (const auto known = remembered_.find(query); known != remembered_.end() && known->second.until > now) {
      facts.put(query, known->second.answer);
    } else if (query.changes && dry_run_) {
      facts.put(query, HttpAnswer{.status = kDone});
    } else {
      open.push_back(query);
    }
  }
  if (open.empty()) return;
  auto answers = ports_.http.call(open);
  for (std::size_t i = 0; i < open.size(); ++i) {
    const HttpQuery& query = open[i];
    const bool keep = answers[i] && query.remember.count() > 0 && (query.worth_keeping == nullptr || query.worth_keeping(*answers[i]));
    if (keep) {
      remembered_.insert_or_assign(query, Remembered{*answers[i], now + query.remember});
    } else if (Remembered* former = stand_in(query, answers[i])) {
      former->until = now + kStandInFor;
      answers[i] = former->answer;
    } else if (query.changes && !answers[i] && answers[i].error().treatment == Treatment::retry) {
      answers[i] = HttpAnswer{};
    }
  }
  if (remembered_.size() > kRememberedMax) std::erase_if(remembered_, [&](const auto& entry) { return entry.second.until <= now; });
  take(open, std::move(answers), facts, unanswered.http);
}

}  // namespace lernd
