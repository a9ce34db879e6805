#include "runtime/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/worker.h"

namespace lernd {
namespace {

/// Largest piece of an entry in one row: far below the 16 MiB that Cassandra takes in one write, and kind to its caches.
constexpr std::size_t kPieceBytes = 512u << 10;

/// A delete carries this much more than the present time: the entry's row was stamped by the server's clock, which may be ahead of ours.
constexpr std::int64_t kClockSkewUs = 5'000'000;

/// Cuts at the start of a UTF-8 character, as the column is a text.
std::vector<std::string> cut(std::string_view text) {
  std::vector<std::string> pieces;
  do {
    std::size_t size = std::min(kPieceBytes, text.size());
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    pieces.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  } while (!text.empty());
  return pieces;
}

/// Entries live for one batch. The few that a crash leaves behind a commit go after two weeks, which is longer than a broker keeps the positions of a group
/// that is away; deleted rows must not linger, as thousands a minute come and go.
constexpr std::string_view kProperties = "default_time_to_live = 1209600 AND gc_grace_seconds = 3600";

std::vector<Cell> piece_key(const std::string& id, int piece) { return {{"entry_id", id}, {"piece", piece}}; }

}  // namespace

std::vector<TableSchema> journal_tables(const TableName& name) {
  return {{.name = name,
           .columns = {{"consumer_group", "text"},
                       {"topic", "text"},
                       {"partition", "int"},
                       {"first_offset", "bigint"},
                       {"wave", "int"},
                       {"entry_id", "text"},
                       {"pieces", "int"},
                       {"body", "text"}},
           .key = {"consumer_group", "topic", "partition", "first_offset", "wave"},
           .partition_columns = 3,
           .properties = std::string(kProperties)},
          {.name = {name.keyspace, name.table + "_piece"},
           .columns = {{"entry_id", "text"}, {"piece", "int"}, {"body", "text"}},
           .key = {"entry_id", "piece"},
           .partition_columns = 1,
           .properties = std::string(kProperties)}};
}

Journal::Journal(TableStore& tables, const TableName& name, std::string group, Clock& clock)
    : tables_(tables), name_(name), piece_name_(journal_tables(name)[1].name), group_(std::move(group)), clock_(clock) {}

std::vector<Cell> Journal::key_of(const TopicPartition& source, Offset first) const {
  return {{"consumer_group", group_}, {"topic", source.topic}, {"partition", source.partition}, {"first_offset", first.value}};
}

Journal::Place& Journal::place_of(const TopicPartition& source, Offset first, int wave) {
  const auto same = [&](const Place& place) { return place.source == source && place.first == first && place.wave == wave; };
  const auto known = std::ranges::find_if(places_, same);
  if (known != places_.end()) return *known;
  return places_.emplace_back(Place{.source = source, .first = first, .wave = wave});
}

Result<std::vector<JournalEntry>> Journal::read(const TopicPartition& source, Offset first) {
  const RowsQuery query{name_, {"wave", "entry_id", "pieces", "body"}, key_of(source, first)};
  auto answer = std::move(tables_.read(std::span(&query, 1)).front());
  if (!answer) return std::unexpected(std::move(answer).error());
  std::vector<JournalEntry> entries;
  for (std::size_t i = 0; i < answer->size(); ++i) {
    const Rows::Row row = (*answer)[i];
    const std::string* id = row["entry_id"].text();
    const std::string* head = row["body"].text();
    const std::int64_t* wave = row["wave"].integer();
    const std::int64_t* pieces = row["pieces"].integer();
    if (id == nullptr || head == nullptr || wave == nullptr || pieces == nullptr) continue;  // only a tombstone in the making
    Place& place = place_of(source, first, static_cast<int>(*wave));
    place.pieces_id = *id;
    place.pieces = static_cast<int>(*pieces);
    const auto text = text_of(place, *head);
    if (!text) return std::unexpected(text.error());
    auto entry = journal_entry_from_text(*text);
    if (!entry) return std::unexpected(std::move(entry).error());
    entries.push_back(*std::move(entry));
  }
  return entries;
}

Result<std::string> Journal::text_of(const Place& place, const std::string& head) {
  std::string text = head;
  std::vector<RowsQuery> queries;
  for (int piece = 1; piece < place.pieces; ++piece) queries.push_back({piece_name_, {"body"}, piece_key(place.pieces_id, piece)});
  for (auto& rows : tables_.read(queries)) {
    if (!rows) return std::unexpected(std::move(rows).error());
    const std::string* body = rows->empty() ? nullptr : (*rows)[0]["body"].text();
    if (body == nullptr) return fail(Treatment::fatal, ErrorCode::corrupt, "a piece of a journal entry is missing in " + piece_name_.text());
    text += *body;
  }
  return text;
}

std::vector<Result<Journal::Outcome>> Journal::write(std::span<const Draft> drafts) {
  std::vector<Place> places;
  std::vector<RowWrite> heads;
  std::vector<RowGroup> tails;  // one for each draft that is longer than a piece
  std::vector<TimedGroup> timed;
  std::vector<std::size_t> draft_of_tail;
  for (const auto& [source, entry] : drafts) {
    auto pieces = cut(to_text(entry));
    const auto nonce = clock_.random();
    const Place& place = places.emplace_back(Place{.source = source,
                                                   .first = entry.first,
                                                   .wave = entry.wave,
                                                   .pieces_id = fmt::format("{:016x}{:016x}", nonce[0], nonce[1]),
                                                   .pieces = static_cast<int>(pieces.size())});
    RowWrite& head = heads.emplace_back(RowWrite{.kind = RowWrite::Kind::insert, .table = name_, .key = key_of(source, entry.first), .set = {}});
    head.key.push_back({"wave", entry.wave});
    head.set = {{"entry_id", place.pieces_id}, {"pieces", place.pieces}, {"body", std::move(pieces.front())}};
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      tails.push_back({{.kind = RowWrite::Kind::insert,
                        .table = piece_name_,
                        .key = piece_key(place.pieces_id, static_cast<int>(i)),
                        .set = {{"body", std::move(pieces[i])}}}});
      draft_of_tail.push_back(places.size() - 1);
    }
  }
  for (std::size_t i = 0; i < tails.size(); ++i) timed.push_back({&tails[i], drafts[draft_of_tail[i]].entry.time});

  std::vector<Result<Outcome>> outcomes(drafts.size(), Outcome::written);
  const auto tails_written = tables_.write(timed);
  for (std::size_t i = 0; i < tails.size(); ++i) {
    if (!tails_written[i]) outcomes[draft_of_tail[i]] = std::unexpected(tails_written[i].error());
  }
  // A head whose tail is not there must not be seen.
  std::vector<RowWrite> whole;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (outcomes[i]) whole.push_back(std::move(heads[i]));
  }
  const auto inserted = tables_.insert_if_absent(whole);
  for (std::size_t i = 0, next = 0; i < drafts.size(); ++i) {
    if (!outcomes[i]) continue;
    const Result<bool>& one = inserted[next++];
    if (!one) {
      outcomes[i] = std::unexpected(one.error());
    } else if (!*one) {
      outcomes[i] = Outcome::taken;
    } else {
      place_of(places[i].source, places[i].first, places[i].wave) = places[i];
    }
  }
  return outcomes;
}

void Journal::finished(const TopicPartition& source, Offset first) {
  const auto going = std::ranges::partition(places_, [&](const Place& place) { return place.source != source || place.first != first; });
  std::ranges::move(going, std::back_inserter(finished_));
  places_.erase(going.begin(), going.end());
}

void Journal::forget(const TopicPartition& source) {
  std::erase_if(places_, [&](const Place& place) { return place.source == source; });
}

Result<void> Journal::sweep() {
  std::vector<RowGroup> rows;
  for (const Place& place : finished_) {
    RowWrite head{.kind = RowWrite::Kind::erase, .table = name_, .key = key_of(place.source, place.first), .set = {}};
    head.key.push_back({"wave", place.wave});
    rows.push_back({std::move(head)});
    for (int piece = 1; piece < place.pieces; ++piece) {
      rows.push_back({{.kind = RowWrite::Kind::erase, .table = piece_name_, .key = piece_key(place.pieces_id, piece), .set = {}}});
    }
  }
  const WriteTime time{clock_.write_time().us + kClockSkewUs};
  for (auto& outcome : tables_.write(at_one_time(rows, time))) {
    if (!outcome) return std::unexpected(std::move(outcome).error());
  }
  finished_.clear();
  return {};
}

}  // namespace lernd
