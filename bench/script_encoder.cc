#include "script_encoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/cassandra/cql_codec.h"
#include "script.h"
#include "support/must.h"

namespace lernd::bench {
namespace {

template <class Target>
std::size_t index_of(const Target& target, std::vector<Target>& known) {
  const auto index = static_cast<std::size_t>(std::ranges::find(known, target) - known.begin());
  if (index == known.size()) known.push_back(target);
  return index;
}

}  // namespace

void append_number(std::size_t number, std::string& bytes) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xff);
}

void append_text(std::string_view text, std::string& bytes) {
  append_number(text.size(), bytes);
  bytes += text;
}

ScriptEncoder::ScriptEncoder(const World& world) : world_(world) {
  for (const TableUse& use : world.job().tables(world.values())) {
    for (const Column& column : use.shape.columns) types_.emplace(std::pair(use.shape.name, column.name), must(parse_cql_type(column.type)));
  }
}

std::string ScriptEncoder::request(const RowsQuery& query, std::size_t rows) {
  std::string bytes;
  append_number(kCql, bytes);
  append_number(rows, bytes);
  append_number(1, bytes);
  append_part(cassandra::select_statement(query), query.table, {}, bytes);
  return bytes;
}

std::string ScriptEncoder::request(const RowGroup& group, WriteTime time) {
  std::vector<cassandra::CqlStatement> statements;
  std::vector<const TableName*> tables;
  for (const RowWrite& row : group) {
    cassandra::append_write_statements(row, statements);
    tables.resize(statements.size(), &row.table);
  }
  std::string bytes;
  append_number(kCql, bytes);
  append_number(kNoRows, bytes);
  append_number(statements.size(), bytes);
  for (std::size_t i = 0; i < statements.size(); ++i) append_part(statements[i], *tables[i], time, bytes);
  return bytes;
}

std::string ScriptEncoder::request(const CacheId& cache, const RedisCommands& commands) {
  std::string bytes;
  append_number(kRedis, bytes);
  append_number(index_of(cache, caches_), bytes);
  append_number(commands.count(), bytes);
  append_text(commands.bytes(), bytes);
  return bytes;
}

std::string ScriptEncoder::request(const HttpQuery& query) {
  const auto host = query.url.find("//") + 2;
  const auto path = query.url.find('/', host);
  const std::string server = query.url.substr(host, path - host);
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", query.method, query.url.substr(path), server);
  for (const Header& header : query.headers) text += fmt::format("{}: {}\r\n", header.name, header.value);
  text += fmt::format("Content-Length: {}\r\n\r\n{}", query.body.size(), query.body);
  std::string bytes;
  append_number(kHttp, bytes);
  append_number(index_of(server, services_), bytes);
  append_text(text, bytes);
  return bytes;
}

std::string ScriptEncoder::request(const elasticsearch::Request& request) {
  const std::string server = world_.values().list("es.basePath").front();
  return this->request(HttpQuery{.service = {},
                                 .method = request.method,
                                 .url = elasticsearch::base_url(server, false) + request.path,
                                 .headers = elasticsearch::headers_of({}),
                                 .body = request.body});
}

std::string ScriptEncoder::head() const {
  std::string bytes;
  append_number(texts_.size(), bytes);
  for (const std::string& text : texts_) append_text(text, bytes);
  append_number(caches_.size(), bytes);
  for (const CacheId& cache : caches_) {
    append_text(fmt::format("{}:{}", world_.option(cache.endpoint + ".host"), world_.values().integer(cache.endpoint + ".port")), bytes);
    append_number(static_cast<std::size_t>(cache.database), bytes);
  }
  append_number(services_.size(), bytes);
  for (const std::string& server : services_) append_text(server, bytes);
  return bytes;
}

void ScriptEncoder::append_part(const cassandra::CqlStatement& statement, const TableName& table, WriteTime time, std::string& bytes) {
  const auto [known, is_new] = indices_.try_emplace(statement.text, texts_.size());
  if (is_new) texts_.push_back(statement.text);
  append_number(known->second, bytes);
  std::string cells;
  for (const auto& [column, value] : statement.bindings) {
    if (value == nullptr) {
      cassandra::append_bigint_cell(time.us, cells);
    } else {
      must(cassandra::append_cell(types_.at({table, std::string(column)}), *value, cells));
    }
  }
  append_text(cells, bytes);
}

}  // namespace lernd::bench
