#include "jobs/user_ownership_transfer/takeover.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/json.h"

namespace lernd::user_ownership_transfer {
namespace {

std::vector<Cell> key_of(const BatchId& id) { return {{"courseid", id.course}, {"batchid", id.batch}}; }

RowsQuery row_query(const Options& options, const BatchId& id) { return {options.course_batches, {"createdby", "mentors"}, key_of(id)}; }

DocumentId document_of(const BatchId& id) { return {std::string(kIndex), id.batch}; }

std::string names_in(const std::string& fields) {
  std::string names;
  const auto document = JsonDocument::parse(fields);
  if (!document) return names;
  for (const auto& [name, value] : document->root().members()) names.append(names.empty() ? "" : ",").append(name);
  return names;
}

class Changes {
 public:
  Changes(const Transfer& event, const Facts& facts, const Options& options) : event_(event), facts_(facts), options_(options) {}

  void take(const std::vector<BatchId>& created, const std::vector<BatchId>& mentored) {
    for (const BatchId& id : created) change_row(id, Part::creator);
    for (const BatchId& id : mentored) change_row(id, Part::mentor);
    for (BatchChange& change : result_.batches) change_document(change);
  }

  Takeover result() { return std::move(result_); }

 private:
  // The facts are there; none of them is asked for once more.
  const Rows& rows_of(const BatchId& id) { return *facts_.rows(row_query(options_, id), unused_); }

  BatchChange& change_of(const BatchId& id) {
    const auto [place, is_new] = positions_.try_emplace(id, result_.batches.size());
    if (is_new) result_.batches.push_back({.id = id, .columns = {}, .fields = {}});
    return result_.batches[place->second];
  }

  void change_row(const BatchId& id, Part part) {
    BatchChange& change = change_of(id);
    const Rows& rows = rows_of(id);
    if (rows.empty()) {
      change.outcome = BatchChange::Outcome::no_row;
      return;
    }
    const std::string column = part == Part::creator ? "createdby" : "mentors";
    auto value = part == Part::creator ? new_creator(rows[0][column]) : new_mentors(rows[0][column]);
    if (!value) return;
    change.outcome = BatchChange::Outcome::changed;
    change.columns.append(change.columns.empty() ? "" : ",").append(column);
    auto& writes = part == Part::creator ? result_.creator_rows : result_.mentor_rows;
    writes.push_back({.table = options_.course_batches, .key = key_of(id), .set = {{column, *std::move(value)}}});
  }

  std::optional<Value> new_creator(const Value& creator) const {
    const std::string* text = creator.text();
    return text != nullptr && *text == event_.from ? std::optional<Value>(event_.to) : std::nullopt;
  }

  std::optional<Value> new_mentors(const Value& mentors) const {
    auto list = handed_over(mentors, event_.from, event_.to);
    return list ? std::optional<Value>(*std::move(list)) : std::nullopt;
  }

  void change_document(BatchChange& change) {
    if (change.outcome == BatchChange::Outcome::no_row) return;
    DocumentWrite write{.document = document_of(change.id), .from = event_.from, .to = event_.to, .distinct = {"mentors"}};
    const StoredDocument& stored = *facts_.document(write.document, unused_);
    change.no_document = stored.missing();
    change.fields = names_in(changed_fields(stored.source, write));
    if (!change.fields.empty()) change.outcome = BatchChange::Outcome::changed;
    // The document of a row that changes is named even when it is not there: nobody else then changes the same batch meanwhile.
    if (change.outcome == BatchChange::Outcome::changed && named_.insert(change.id.batch).second) result_.documents.push_back(std::move(write));
  }

  const Transfer& event_;
  const Facts& facts_;
  const Options& options_;
  Ask unused_;
  Takeover result_;
  std::map<BatchId, std::size_t> positions_;
  std::set<std::string> named_;  ///< ids of the documents among the result
};

/// Asks for what is missing. Batches are many, and each is there once, so nothing is looked for in the ask.
void ask_for(const std::vector<BatchId>& batches, const std::vector<BatchId>& but, const Facts& facts, const Options& options, Ask& ask) {
  const std::set<BatchId> left_out(but.begin(), but.end());
  for (const BatchId& id : batches) {
    if (left_out.contains(id)) continue;
    if (auto query = row_query(options, id); !facts.has(query)) ask.rows.push_back(std::move(query));
    if (auto document = document_of(id); !facts.has(document)) ask.documents.push_back(std::move(document));
  }
}

}  // namespace

std::optional<ValueList> handed_over(const Value& mentors, const std::string& from, const std::string& to) {
  const ValueList* list = mentors.list();
  if (list == nullptr) return std::nullopt;
  ValueList others;
  for (const Value& mentor : list->items) {
    if (mentor != Value(from)) others.items.push_back(mentor);
  }
  if (others.items.size() == list->items.size()) return std::nullopt;
  if (std::ranges::find(others.items, Value(to)) == others.items.end()) others.items.emplace_back(to);
  return others;
}

std::optional<Takeover> take_over(const Transfer& event, const std::vector<BatchId>& created, const std::vector<BatchId>& mentored, const Facts& facts,
                                  const Options& options, Ask& ask) {
  ask_for(created, {}, facts, options, ask);
  ask_for(mentored, created, facts, options, ask);
  if (ask.pending()) return std::nullopt;
  Changes changes(event, facts, options);
  changes.take(created, mentored);
  return changes.result();
}

}  // namespace lernd::user_ownership_transfer
