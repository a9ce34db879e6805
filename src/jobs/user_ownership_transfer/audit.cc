#include "jobs/user_ownership_transfer/audit.h"

#include <algorithm>

#include "jobs/id_line.h"

namespace lernd::user_ownership_transfer {
namespace {

using Outcome = BatchChange::Outcome;

constexpr std::string_view kNone = "-";

std::size_t count_of(const Takeover& takeover, bool (*is_one)(const BatchChange&)) {
  return static_cast<std::size_t>(std::ranges::count_if(takeover.batches, is_one));
}

void append_figures(IdLine& line, const Ending& ending) {
  static const Takeover kNothing;
  const Takeover& takeover = ending.takeover != nullptr ? *ending.takeover : kNothing;
  line.add("created", ending.created).add("mentored", ending.mentored);
  line.add("rows", count_of(takeover, [](const BatchChange& batch) { return !batch.columns.empty(); }));
  line.add("documents", count_of(takeover, [](const BatchChange& batch) { return !batch.fields.empty(); }));
  line.add("no_row", count_of(takeover, [](const BatchChange& batch) { return batch.outcome == Outcome::no_row; }));
  line.add("no_document", count_of(takeover, [](const BatchChange& batch) { return batch.no_document; }));
}

IdLine line_of(const BatchChange& batch) { return IdLine().add("batch", batch.id.batch).add("course", batch.id.course); }

std::string_view or_none(std::string_view text) { return text.empty() ? kNone : text; }

}  // namespace

void append_endings(Plan& plan, const Transfer& event, const Ending& ending) {
  for (std::size_t i = 0; i < event.requests.size(); ++i) {
    const Request& request = event.requests[i];
    const bool again = i > 0 && ending.outcome == "done";
    IdLine line;
    line.add("outcome", ending.outcome).add("reason", again ? "the same as the event before it" : or_none(ending.reason));
    line.add("mid", request.mid).add("from", event.from).add("to", event.to).add("org", event.organisation);
    line.add("by", request.by).add("context", request.context);
    append_figures(line, again ? Ending() : ending);
    plan.remarks.push_back({.what = remark::kEnded, .about = line.text(), .audit = true});
  }
}

void append_batches(Plan& plan, const Transfer& event, const Takeover& takeover) {
  for (const BatchChange& batch : takeover.batches) {
    if (batch.outcome == Outcome::changed) {
      IdLine line = line_of(batch);
      line.add("from", event.from).add("to", event.to).add("table", or_none(batch.columns)).add("index", or_none(batch.fields));
      plan.remarks.push_back({.what = remark::kChanged, .about = line.text(), .audit = true});
    }
    if (batch.outcome == Outcome::no_row || batch.no_document) {
      IdLine line = line_of(batch);
      line.add("missing", batch.no_document ? "document" : "row").add("from", event.from).add("to", event.to);
      plan.remarks.push_back({.what = remark::kLeftOut, .about = line.text(), .audit = true, .warning = true});
    }
  }
}

Remark ending_of_record(const Skip& skip, const Origin& origin) {
  IdLine line;
  line.add("outcome", "skipped").add("reason", skip.error.text).add("topic", origin.source.topic);
  line.add("partition", static_cast<std::size_t>(origin.source.partition)).add("offset", static_cast<std::size_t>(origin.offset.value));
  return {.what = remark::kEnded, .about = line.text(), .audit = true};
}

}  // namespace lernd::user_ownership_transfer
