// What `lernd sync` does a second, and what it needs for that. One JSON line; README.md says what the fields mean.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "adapters/cassandra/cassandra_store.h"
#include "support/must.h"
#include "support/services.h"
#include "tool_run.h"

namespace lernd {
namespace {

constexpr std::string_view kAccepted = R"({"responseCode":"OK","result":{"response":"SUCCESS"}})";

/// Runs `lernd sync` with these parameters in a folder.
ToolRun run_sync(InstantService& api, const std::string& folder, const std::vector<std::string>& parameters) {
  std::vector<std::string> words{LERND_BINARY, "sync"};
  for (const auto& parameter : parameters) words.insert(words.end(), {"--context_param", parameter});
  words.insert(words.end(), {"--context_param", fmt::format("sunbird_sync_api_endpoint=http://127.0.0.1:{}/x", api.port()), "--context_param",
                             "sunbird_sync_log_dir=" + folder, "--context_param", "sunbird_sync_progress=none"});
  return run_tool(api, std::move(words));
}

/// Requests a second of a bare curl-multi loop that sends this body, so many at once.
double curl_limit(const InstantService& api, const std::string& body, int in_flight, int requests) {
  const std::string url = fmt::format("http://127.0.0.1:{}/x", api.port());
  curl_slist* headers = curl_slist_append(curl_slist_append(nullptr, "Expect:"), "Content-Type: application/json");
  const double calls_per_s = curl_calls_per_s(in_flight, requests, [&](CURL* easy, std::int64_t) {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
  });
  curl_slist_free_all(headers);
  return calls_per_s;
}

void write_ids(const std::string& path, std::int64_t count) {
  std::mt19937_64 random(1);
  std::ofstream out(path, std::ios::binary);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto a = random();
    const auto b = random();
    out << fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}\n", a >> 32, a >> 16 & 0xffff, a & 0xffff, b >> 48, b & 0xffffffffffff);
  }
}

struct Options {
  std::int64_t ids = 10'000'000;
  int requests = 20'000;
  std::int64_t rows = 0;
};

const TableName kTable{"sunbird_sync_bench", "user"};

/// Makes the table anew with so many rows.
void fill_table(TableStore& store, std::int64_t rows) {
  constexpr std::int64_t kAtOnce = 20'000;
  must(store.drop_keyspace(kTable.keyspace));
  must(store.create({.name = kTable, .columns = {{"id", "text"}, {"firstname", "text"}}, .key = {"id"}}));
  for (std::int64_t first = 0; first < rows; first += kAtOnce) {
    std::vector<RowGroup> groups;
    for (std::int64_t i = first; i < std::min(rows, first + kAtOnce); ++i) {
      groups.push_back({RowWrite{.table = kTable, .key = {{"id", fmt::format("{:08x}-0000-4000-8000-{:012x}", i, i)}}, .set = {{"firstname", "A name"}}}});
    }
    for (auto& done : store.write(at_one_time(groups, {1}))) must(std::move(done));
  }
  must(store.flush());
}

/// Scans a table of so many rows as one range and as the default ranges.
void measure_scan(InstantService& api, const std::string& folder, std::int64_t rows, nlohmann::json& out) {
  const auto at = Servers::from_environment().cassandra();
  const auto store = make_cassandra_store(must(connect_cassandra({.hosts = {at.host}, .port = at.port, .user = at.user, .password = at.password})));
  fill_table(*store, rows);
  for (const char* ranges : {"1", "64"}) {
    const auto scan =
        run_sync(api, folder,
                 {"sunbird_cassandra_server=" + at.host, fmt::format("sunbird_cassandra_port={}", at.port), "sunbird_cassandra_username=" + at.user,
                  "sunbird_cassandra_password=" + at.password, "sunbird_cassandra_keyspace=" + kTable.keyspace, "sunbird_cassandra_table=" + kTable.table,
                  "sunbird_sync_block_size=20000", "sunbird_sync_sleep_time=1", fmt::format("sunbird_cassandra_scan_ranges={}", ranges)});
    out[fmt::format("scan_rows_per_s_{}", ranges)] = static_cast<double>(rows) / scan.start_to_first;
    out[fmt::format("scan_memory_peak_mib_{}", ranges)] = scan.memory_mib;
  }
  must(store->drop_keyspace(kTable.keyspace));
}

nlohmann::json measure(const Options& options) {
  InstantService api([](std::string_view, std::string_view) { return std::string(kAccepted); });
  const std::string folder = (std::filesystem::temp_directory_path() / fmt::format("lernd-sync-bench-{}", ::getpid())).string();
  std::filesystem::create_directories(folder);
  const std::string file = folder + "/ids.csv";
  nlohmann::json out;
  write_ids(file, options.ids);
  const auto large = run_sync(api, folder, {"sunbird_sync_id_file=" + file, "sunbird_sync_block_size=20000", "sunbird_sync_sleep_time=1"});
  out["ids"] = options.ids;
  out["ids_per_s"] = static_cast<double>(options.ids) / large.seconds;
  out["ids_memory_peak_mib"] = large.memory_mib;
  out["ids_cleaned_per_s"] = static_cast<double>(options.ids) / large.start_to_first;

  write_ids(file, options.requests * 100);
  std::string body = R"({"request":{"operationFor":"es","objectType":"user","objectIds":[)" + std::string(100 * 39 - 1, 'x') + R"(]},"params":{}})";
  for (const int in_flight : {1, 16}) {
    const auto ran = run_sync(
        api, folder,
        {"sunbird_sync_id_file=" + file, "sunbird_sync_block_size=100", "sunbird_sync_sleep_time=1", fmt::format("sunbird_sync_concurrency={}", in_flight)});
    out[fmt::format("requests_per_s_{}", in_flight)] = static_cast<double>(ran.requests) / (ran.seconds - ran.start_to_first);
    out[fmt::format("curl_requests_per_s_{}", in_flight)] = curl_limit(api, body, in_flight, options.requests);
  }
  write_ids(file, 1);
  const auto one = run_sync(api, folder, {"sunbird_sync_id_file=" + file});
  out["start_to_first_s"] = one.start_to_first;
  if (options.rows > 0) measure_scan(api, folder, options.rows, out);
  std::filesystem::remove_all(folder);
  return out;
}

}  // namespace
}  // namespace lernd

int main(int argc, char** argv) {
  lernd::Options options;
  CLI::App program("How fast `lernd sync` is, beside a bare curl loop");
  program.add_option("--ids", options.ids, "Ids in the large file")->capture_default_str();
  program.add_option("--requests", options.requests, "Requests for each figure of requests per second")->capture_default_str();
  program.add_option("--rows", options.rows, "Rows of a table that is made and scanned; needs the servers that LERND_SERVICES names")->capture_default_str();
  CLI11_PARSE(program, argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  fmt::print("{}\n", lernd::measure(options).dump());
}
