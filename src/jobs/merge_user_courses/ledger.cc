#include "jobs/merge_user_courses/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/json.h"

namespace lernd::merge_user_courses {
namespace {

/// Largest piece of the claims in one row.
constexpr std::size_t kPieceBytes = 256u << 10;

void append_key(JsonWriter& json, const ContentKey& key) {
  for (const std::string& id : key) json.text(id);
}

void append_count(JsonWriter& json, const Value& value) {
  if (const std::int64_t* number = value.integer()) {
    json.integer(*number);
  } else {
    json.null();
  }
}

Value count_in(JsonView view) {
  const auto number = view.integer();
  return number ? Value(*number) : Value();
}

/// Reads one claim: course, batch and content of a copied row; of a row with counts these two behind them.
bool take_claim(JsonView view, Claims& claims) {
  const auto parts = view.items();
  if (parts.size() != 3 && parts.size() != 5) return false;
  ContentKey key;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto text = parts[i].text();
    if (!text) return false;
    key[i] = *text;
  }
  if (parts.size() == 3) {
    claims.copied.insert(std::move(key));
  } else {
    claims.counted.emplace(std::move(key), Counted{count_in(parts[3]), count_in(parts[4])});
  }
  return true;
}

bool take_claims(const std::string& text, Claims& claims) {
  const auto document = JsonDocument::parse(text);
  return document && document->root().is_array() && std::ranges::all_of(document->root().items(), [&](JsonView one) { return take_claim(one, claims); });
}

/// The claims as JSON arrays of at most about `kPieceBytes` each.
std::vector<std::string> pieces_of(const Claims& claims) {
  std::vector<std::string> pieces;
  std::string piece;
  const auto add = [&](const std::string& claim) {
    if (piece.size() + claim.size() > kPieceBytes && !piece.empty()) pieces.push_back(std::exchange(piece, "") + "]");
    piece += (piece.empty() ? "[" : ",") + claim;
  };
  for (const ContentKey& key : claims.copied) {
    std::string claim;
    JsonWriter json(claim);
    json.open_array();
    append_key(json, key);
    json.close_array();
    add(claim);
  }
  for (const auto& [key, counted] : claims.counted) {
    std::string claim;
    JsonWriter json(claim);
    json.open_array();
    append_key(json, key);
    append_count(json, counted.views);
    append_count(json, counted.completions);
    json.close_array();
    add(claim);
  }
  if (!piece.empty()) pieces.push_back(piece + "]");
  return pieces;
}

RowWrite piece_write(const TableName& table, std::vector<Cell> key, int piece, std::vector<Assignment> set) {
  key.push_back({"piece", piece});
  return {.kind = RowWrite::Kind::update, .table = table, .key = std::move(key), .set = std::move(set)};
}

}  // namespace

TableSchema ledger_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"event", "text"}, {"source_id", "text"}, {"target_id", "text"}, {"piece", "int"}, {"claims", "text"}, {"merged_at", "timestamp"}},
          .key = {"event", "source_id", "target_id", "piece"},
          .partition_columns = 3,
          .properties = "default_time_to_live = 1209600"};
}

std::vector<Cell> ledger_key(const MergeRequest& request, const Origin& origin) {
  const auto& [source, offset] = origin;
  std::string event = request.mid.empty() ? fmt::format("at {}/{}/{}", source.topic, source.partition, offset.value) : "mid " + request.mid;
  return {{"event", std::move(event)}, {"source_id", request.source_id}, {"target_id", request.target_id}};
}

RowsQuery ledger_query(const TableName& table, std::vector<Cell> key) { return {table, {"piece", "claims", "merged_at"}, std::move(key)}; }

Result<LedgerEntry> ledger_entry(const Rows& rows) {
  LedgerEntry entry;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Rows::Row row = rows[i];
    entry.complete = entry.complete || !row["merged_at"].is_null();
    if (const std::int64_t* piece = row["piece"].integer()) entry.pieces = std::max(entry.pieces, static_cast<int>(*piece) + 1);
    const std::string* claims = row["claims"].text();
    if (claims != nullptr && !take_claims(*claims, entry.claims)) {
      return fail(Treatment::fatal, ErrorCode::corrupt,
                  "the claims of a merge cannot be read back from the table that lms-cassandra.merged_events.table names; delete its row");
    }
  }
  return entry;
}

std::vector<RowWrite> claim_writes(const TableName& table, const std::vector<Cell>& key, const Claims& claims, int pieces) {
  std::vector<RowWrite> writes;
  for (std::string& piece : pieces_of(claims)) writes.push_back(piece_write(table, key, pieces++, {{"claims", std::move(piece)}}));
  return writes;
}

// Claims and mark may have one write time; a deletion is stronger than a value of its time, so the claims are gone either way.
RowWrite completion_write(const TableName& table, const std::vector<Cell>& key, Timestamp now) {
  return piece_write(table, key, 0, {{"claims", Value()}, {"merged_at", now}});
}

}  // namespace lernd::merge_user_courses
