#include "adapters/http/curl_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "adapters/http/http_request.h"

namespace lernd {
namespace {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

HeaderList list_of(const std::vector<std::string>& lines) {
  HeaderList list;
  for (const std::string& line : lines) {
    // The library leaves the list as it was when it has no memory; the first element moves only at the start.
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer != nullptr && !list) list.reset(longer);
  }
  return list;
}

/// The calls to one service.
struct Lane {
  std::deque<std::size_t> waiting;
  int in_flight = 0;
};

/// One call under way. The handle stays for the next call; its place in memory must not change while it is in use.
struct Transfer {
  Easy easy{curl_easy_init()};
  Lane* lane = nullptr;
  std::size_t index = 0;
  std::size_t bytes_max = 0;
  const std::vector<std::string>* keep_headers = nullptr;
  std::string whom;
  std::string body;
  std::vector<Header> kept;
  HeaderList headers;
};

std::size_t receive(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (count > transfer.bytes_max - transfer.body.size()) return 0;  // ends the transfer with CURLE_WRITE_ERROR
  transfer.body.append(bytes, count);
  return count;
}

/// Keeps the headers that were asked for. The library calls this for each line, of every answer on the way: a status line begins a new one.
std::size_t receive_header(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(bytes, count);
  if (line.starts_with("HTTP/")) transfer.kept.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (std::ranges::find(*transfer.keep_headers, name) == transfer.keep_headers->end()) return count;
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto value = line.substr(colon + 1);
  const auto first = value.find_first_not_of(kBlanks);
  const auto trimmed = first == std::string_view::npos ? std::string_view() : value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
  transfer.kept.push_back({.name = std::move(name), .value = std::string(trimmed)});
  return count;
}

class CurlClient : public HttpClient {
 public:
  explicit CurlClient(HttpOptions options) : options_(std::move(options)), multi_(curl_multi_init()) {}

  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    std::vector<Result<HttpAnswer>> answers(queries.size());
    std::map<std::string_view, Lane> lanes;
    for (std::size_t i = 0; i < queries.size(); ++i) lanes[queries[i].service].waiting.push_back(i);
    keep_connections(lanes.size());
    while (fill(lanes, queries, answers)) {
      int running = 0;
      CURLMcode code = curl_multi_perform(multi_.get(), &running);
      if (collect(answers) == 0 && running > 0 && code == CURLM_OK) code = curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
      if (code != CURLM_OK) abandon(answers, curl_multi_strerror(code));
    }
    return answers;
  }

 private:
  int in_flight_max() const { return std::max(1, options_.in_flight_max); }

  /// So many services are called at once; one that is not called now keeps its connections all the same.
  void keep_connections(std::size_t services) {
    services_ = std::max(services_, services);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(services_) * in_flight_max());
  }

  /// Starts what may be started; false when nothing is under way any more.
  bool fill(std::map<std::string_view, Lane>& lanes, std::span<const HttpQuery> queries, std::vector<Result<HttpAnswer>>& answers) {
    bool any = false;
    for (auto& [service, lane] : lanes) {
      while (!lane.waiting.empty() && lane.in_flight < in_flight_max()) {
        const std::size_t index = lane.waiting.front();
        lane.waiting.pop_front();
        if (auto started = start(queries[index], index, lane); !started) answers[index] = std::unexpected(std::move(started.error()));
      }
      any |= lane.in_flight > 0;
    }
    return any;
  }

  Transfer& idle_transfer() {
    if (idle_.empty()) idle_.push_back(transfers_.emplace_back(std::make_unique<Transfer>()).get());
    return *idle_.back();
  }

  void put_back(Transfer& transfer) {
    --transfer.lane->in_flight;
    transfer.lane = nullptr;
    idle_.push_back(&transfer);
  }

  Result<void> start(const HttpQuery& query, std::size_t index, Lane& lane) {
    auto host = host_of(query);
    if (!host) return std::unexpected(std::move(host.error()));
    const auto lines = header_lines(query);
    if (!lines) return std::unexpected(lines.error());
    Transfer& transfer = idle_transfer();
    transfer.index = index;
    transfer.bytes_max = options_.answer_bytes_max;
    transfer.whom = fmt::format("{} at {}", query.service, *host);
    transfer.body.clear();
    transfer.kept.clear();
    transfer.keep_headers = &options_.keep_headers;
    transfer.headers = list_of(*lines);
    prepare(transfer, query);
    if (curl_multi_add_handle(multi_.get(), transfer.easy.get()) != CURLM_OK) {
      return fail(Treatment::retry, ErrorCode::internal, fmt::format("{}: the call could not be started", transfer.whom));
    }
    idle_.pop_back();
    transfer.lane = &lane;
    ++lane.in_flight;
    return {};
  }

  void prepare(Transfer& transfer, const HttpQuery& query) const {
    CURL* easy = transfer.easy.get();
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_URL, query.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (!options_.proxy_from_environment) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
    if (!options_.user_agent.empty()) curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    if (!options_.keep_headers.empty()) {
      curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &receive_header);
      curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    }
    if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, options_.verify ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, options_.verify ? 2L : 0L);
    if (query.method == "HEAD") {
      curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (!query.body.empty() || query.method == "POST" || query.method == "PUT" || query.method == "PATCH") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, query.body.c_str());  // not copied: the queries outlive the call
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(query.body.size()));
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, query.method.c_str());
  }

  /// Takes the finished transfers; returns how many.
  int collect(std::vector<Result<HttpAnswer>>& answers) {
    int finished = 0;
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      const CURLcode code = message->data.result;  // the message is gone once its handle is removed
      Transfer* transfer = nullptr;
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      curl_multi_remove_handle(multi_.get(), easy);
      if (code == CURLE_OK) {
        answers[transfer->index] = HttpAnswer{.status = static_cast<int>(status), .body = std::move(transfer->body), .headers = std::move(transfer->kept)};
      } else {
        answers[transfer->index] = std::unexpected(transfer_error(code, transfer->whom, options_));
      }
      put_back(*transfer);
      ++finished;
    }
    return finished;
  }

  /// Ends all transfers under way: without memory or descriptors the library can drive none of them on.
  void abandon(std::vector<Result<HttpAnswer>>& answers, const char* why) {
    for (const auto& transfer : transfers_) {
      if (transfer->lane == nullptr) continue;
      curl_multi_remove_handle(multi_.get(), transfer->easy.get());
      answers[transfer->index] = fail(Treatment::retry, ErrorCode::internal, fmt::format("{}: the call was given up ({})", transfer->whom, why));
      put_back(*transfer);
    }
  }

  HttpOptions options_;
  Multi multi_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
  std::size_t services_ = 0;  ///< the most that were called at once
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(HttpOptions options) {
  // Before the first handle and once a process; the language makes the initialisation of a local static safe against other threads.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)ready;
  return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace lernd
