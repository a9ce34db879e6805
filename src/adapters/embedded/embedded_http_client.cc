#include "adapters/embedded/embedded_http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "adapters/embedded/connection.h"
#include "adapters/embedded/http_stub.h"
#include "core/json.h"

namespace lernd::embedded {
namespace {

constexpr std::size_t kBodyMax = 8u << 20;
constexpr std::string_view kFaults[] = {"none", "refused", "reset", "timeout"};

bool is_authorization(std::string_view name) {
  return std::ranges::equal(name, std::string_view("authorization"),
                            [](char left, char right) { return std::tolower(static_cast<unsigned char>(left)) == right; });
}

std::string headers_json(const std::vector<Header>& headers) {
  std::string text;
  JsonWriter out(text);
  out.open_array();
  for (const Header& header : headers) out.open_array().text(header.name).text(is_authorization(header.name) ? "***" : header.value).close_array();
  out.close_array();
  return text;
}

Result<std::vector<HttpStub>> stubs_of(SqliteConnection& connection) {
  std::vector<HttpStub> stubs;
  SqlCursor rows = connection.select("SELECT method, path, query, body_contains, remaining, status, body, fault FROM lernd_http_stub ORDER BY position");
  while (rows.next()) {
    const auto fault = std::ranges::find(kFaults, rows.view(7));
    stubs.push_back({.method = rows.text(0),
                     .path = rows.text(1),
                     .query = rows.optional_text(2),
                     .body_contains_json = rows.optional_text(3),
                     .times = rows.is_null(4) ? std::nullopt : std::optional(static_cast<int>(rows.integer(4))),
                     .status = static_cast<int>(rows.integer(5)),
                     .body = rows.text(6),
                     .fault = static_cast<HttpStub::Fault>((fault - std::ranges::begin(kFaults)) % 4)});
  }
  if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
  return stubs;
}

Result<HttpAnswer> answer_of(const HttpStub& stub, const HttpQuery& query) {
  switch (stub.fault) {
    case HttpStub::Fault::refused:
      return fail(Treatment::retry, ErrorCode::unavailable, fmt::format("service {} refused the connection", query.service));
    case HttpStub::Fault::reset:
      return fail(Treatment::retry, ErrorCode::unavailable, fmt::format("service {} closed the connection before it answered", query.service));
    case HttpStub::Fault::timeout:
      return fail(Treatment::retry, ErrorCode::timed_out, fmt::format("service {} did not answer in time", query.service));
    case HttpStub::Fault::none:
      break;
  }
  if (stub.body.size() > kBodyMax) {
    return fail(Treatment::reject, ErrorCode::bad_answer, fmt::format("service {} answered with more than 8 MiB", query.service));
  }
  return HttpAnswer{.status = stub.status, .body = stub.body};
}

class EmbeddedHttpClient final : public HttpClient {
 public:
  explicit EmbeddedHttpClient(std::shared_ptr<EmbeddedDatabase> database) : database_(std::move(database)) {}

  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    std::vector<Result<HttpAnswer>> answers;
    const auto done = database_->connection().atomically([&] {
      answers.clear();
      return call_all(queries, answers);
    });
    if (!done) answers.assign(queries.size(), std::unexpected(done.error()));
    return answers;
  }

 private:
  Result<void> call_all(std::span<const HttpQuery> queries, std::vector<Result<HttpAnswer>>& answers);
  Result<void> note(const HttpCall& call, const std::vector<Header>& headers);

  std::shared_ptr<EmbeddedDatabase> database_;
};

Result<void> EmbeddedHttpClient::call_all(std::span<const HttpQuery> queries, std::vector<Result<HttpAnswer>>& answers) {
  SqliteConnection& connection = database_->connection();
  auto stubs = stubs_of(connection);
  if (!stubs) return std::unexpected(stubs.error());
  for (const HttpQuery& query : queries) {
    const auto call = http_call(query.method, query.url, query.body);
    if (!call) {
      answers.push_back(
          fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("the address of service {} is not a URL of http or https", query.service)));
      continue;
    }
    if (const auto noted = note(*call, query.headers); !noted) return noted;
    const auto stub = take_stub(*stubs, *call);
    answers.push_back(stub ? answer_of((*stubs)[*stub], query) : HttpAnswer{.status = 404, .body = ""});
  }
  for (std::size_t i = 0; i < stubs->size(); ++i) {
    if (!(*stubs)[i].times) continue;
    const auto counted = connection.change("UPDATE lernd_http_stub SET remaining=? WHERE position=?", *(*stubs)[i].times, i);
    if (!counted) return std::unexpected(counted.error());
  }
  return {};
}

Result<void> EmbeddedHttpClient::note(const HttpCall& call, const std::vector<Header>& headers) {
  const auto noted = database_->connection().change("INSERT INTO lernd_http_call (method, path, query, body, headers) VALUES (?, ?, ?, ?, ?)", call.method,
                                                    call.path, call.query, text_or_bytes(std::string_view(call.body)), headers_json(headers));
  return noted ? Result<void>() : std::unexpected(noted.error());
}

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<HttpClient> make_embedded_http_client(std::shared_ptr<EmbeddedDatabase> database) {
  return std::make_unique<embedded::EmbeddedHttpClient>(std::move(database));
}

Result<void> put_http_stubs(EmbeddedDatabase& database, std::span<const HttpStub> stubs) {
  using embedded::SqlValue;
  embedded::SqliteConnection& connection = database.connection();
  const auto optional_text = [](const std::optional<std::string>& text) { return text ? SqlValue(*text) : SqlValue(); };
  return connection.atomically([&]() -> Result<void> {
    if (const auto cleared = connection.change("DELETE FROM lernd_http_stub"); !cleared) return std::unexpected(cleared.error());
    for (std::size_t i = 0; i < stubs.size(); ++i) {
      const HttpStub& stub = stubs[i];
      const auto put = connection.change(
          "INSERT INTO lernd_http_stub (position, method, path, query, body_contains, remaining, status, body, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", i,
          stub.method, stub.path, optional_text(stub.query), optional_text(stub.body_contains_json),
          stub.times ? SqlValue(std::int64_t{*stub.times}) : SqlValue(), stub.status, embedded::text_or_bytes(std::string_view(stub.body)),
          embedded::kFaults[static_cast<std::size_t>(stub.fault)]);
      if (!put) return std::unexpected(put.error());
    }
    return {};
  });
}

Result<std::vector<HttpCall>> http_calls(EmbeddedDatabase& database) {
  std::vector<HttpCall> calls;
  embedded::SqlCursor rows = database.connection().select("SELECT method, path, query, body, headers FROM lernd_http_call ORDER BY position");
  while (rows.next()) {
    HttpCall call{.method = rows.text(0), .path = rows.text(1), .query = rows.text(2), .body = rows.text(3)};
    const auto headers = JsonDocument::parse(rows.view(4));
    for (const JsonView pair : headers ? headers->root().items() : std::vector<JsonView>()) {
      const auto parts = pair.items();
      if (parts.size() == 2) call.headers.push_back({std::string(parts[0].text().value_or("")), std::string(parts[1].text().value_or(""))});
    }
    calls.push_back(std::move(call));
  }
  if (const auto ended = rows.end(); !ended) return std::unexpected(ended.error());
  return calls;
}

}  // namespace lernd
