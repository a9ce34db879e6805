#include "fault/transfer_world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "app/line_log.h"
#include "app/resolve.h"
#include "app/system_clock.h"
#include "jobs/registry.h"
#include "support/must.h"
#include "support/services.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;
using user_ownership_transfer::Model;
using Json = nlohmann::json;

constexpr const char* kIndex = "course-batch";
constexpr const char* kTopicOption = "kafka.input.topic";

OptionValues resolved(const JobDescription& job, std::map<std::string, std::string> set) {
  auto options = resolve_options(options_for(job), {.set = std::move(set)});
  for (const Fault& fault : options.faults) ADD_FAILURE() << fault.text();
  return options.values;
}

std::string address_of(const std::string& server) {
  const Endpoint endpoint = Servers::from_environment().search(server);
  return fmt::format("{}:{}", endpoint.host, endpoint.port);
}

std::map<std::string, std::string> organisations_of(const Model& model) {
  std::map<std::string, std::string> organisations;
  for (const auto& [id, user] : model.users) organisations[id] = user.organisation;
  return organisations;
}

Json event_of(const std::string& from, const std::string& to, std::size_t number) {
  return {{"eid", "BE_JOB_REQUEST"},
          {"mid", fmt::format("LP.{}", number)},
          {"edata",
           {{"action", "ownership-transfer"},
            {"organisationId", "org"},
            {"context", "User Deletion"},
            {"actionBy", {{"userId", "admin"}}},
            {"fromUserProfile", {{"userId", from}}},
            {"toUserProfile", {{"userId", to}}},
            {"assetInformation", Json::object()}}}};
}

/// In table and index alike.
void add_batch(Model& model, std::size_t number, const std::string& creator, const std::vector<std::string>& mentors, int status, bool has_row = true) {
  const std::string id = fmt::format("batch-{:05}", number);
  const std::string course = fmt::format("course-{}", number % 40);
  if (has_row) model.rows[{course, id}] = {creator, mentors};
  model.documents[id] = {{"batchId", id},
                         {"courseId", course},
                         {"createdBy", creator},
                         {"mentors", mentors},
                         {"status", status},
                         {"name", "Batch of " + creator},
                         {"history", {{{"by", creator}, {"at", static_cast<int>(number)}}}}};
}

Ownership sorted(Ownership ownership) {
  for (auto& [key, batch] : ownership.rows) std::ranges::sort(batch.mentors);
  for (auto& [id, document] : ownership.documents) std::sort(document["mentors"].begin(), document["mentors"].end());
  return ownership;
}

std::vector<std::string> texts_in(const Value& value) {
  std::vector<std::string> texts;
  if (value.list() != nullptr) {
    for (const Value& item : value.list()->items) texts.push_back(*item.text());
  }
  return texts;
}

/// The keys under which two maps differ.
template <class Map>
std::vector<typename Map::key_type> differing(const Map& one, const Map& other) {
  std::vector<typename Map::key_type> keys;
  for (const auto& [key, value] : one) {
    const auto found = other.find(key);
    if (found == other.end() || found->second != value) keys.push_back(key);
  }
  for (const auto& [key, value] : other) {
    if (!one.contains(key)) keys.push_back(key);
  }
  return keys;
}

std::string row_text(const Ownership& ownership, const std::pair<std::string, std::string>& key) {
  const auto row = ownership.rows.find(key);
  if (row == ownership.rows.end()) return "none";
  return fmt::format("{} [{}]", row->second.creator.value_or("nobody"), fmt::join(row->second.mentors, ","));
}

}  // namespace

TransferPlot random_plot(std::uint64_t seed, std::size_t users, std::size_t batches, std::size_t events) {
  std::mt19937_64 random(seed);
  const auto user = [&] { return fmt::format("user-{}", random() % users); };
  TransferPlot plot;
  for (std::size_t i = 0; i < users; ++i)
    plot.start.users[fmt::format("user-{}", i)] = {.organisation = i % 9 == 8 ? "another" : "org", .stored_organisation = {}};
  for (std::size_t i = 0; i < batches; ++i) {
    std::set<std::string> mentors;
    for (std::size_t n = random() % 4; n > 0; --n) mentors.insert(user());
    // One of them has enough batches for several pages.
    add_batch(plot.start, i, i % 4 == 0 ? "user-0" : user(), {mentors.begin(), mentors.end()}, static_cast<int>(random() % 8 == 0 ? 2 : random() % 2),
              random() % 20 != 0);
  }
  std::string from;
  std::string to = user();
  for (std::size_t i = 0; i < events; ++i) {
    const auto kind = random() % 10;
    if (kind == 0 && i > 0) {
      plot.events.push_back(plot.events.back());
      continue;
    }
    from = kind < 5 ? to : user();
    to = user();
    plot.events.push_back(event_of(from, to, i));
  }
  return plot;
}

TransferPlot large_plot(std::size_t batches) {
  TransferPlot plot;
  for (const char* user : {"from", "to", "other"}) plot.start.users[user] = {.organisation = "org", .stored_organisation = {}};
  for (std::size_t i = 0; i < batches; ++i) {
    add_batch(plot.start, 2 * i, "from", {"other"}, 1);
    add_batch(plot.start, 2 * i + 1, "other", {"other", "from"}, 0);
  }
  plot.events.push_back(event_of("from", "to", 1));
  return plot;
}

std::vector<std::string> Ownership::torn() const {
  std::vector<std::string> torn;
  for (const auto& [key, row] : rows) {
    const auto document = documents.find(key.second);
    const bool alike = document != documents.end() && document->second.at("createdBy") == Json(row.creator.value_or("")) &&
                       document->second.at("mentors") == Json(row.mentors);
    if (!alike) torn.push_back(key.second);
  }
  return torn;
}

void expect_same(const Ownership& found, const Ownership& expected) {
  constexpr std::size_t kLinesMax = 5;
  std::string text;
  const auto rows = differing(found.rows, expected.rows);
  for (std::size_t i = 0; i < std::min(rows.size(), kLinesMax); ++i) {
    text += fmt::format("  row of {}: {} in place of {}\n", rows[i].second, row_text(found, rows[i]), row_text(expected, rows[i]));
  }
  const auto documents = differing(found.documents, expected.documents);
  for (std::size_t i = 0; i < std::min(documents.size(), kLinesMax); ++i) {
    const auto document = [&](const Ownership& one) { return one.documents.contains(documents[i]) ? one.documents.at(documents[i]).dump() : "none"; };
    text += fmt::format("  document {}: {} in place of {}\n", documents[i], document(found), document(expected));
  }
  EXPECT_TRUE(rows.empty() && documents.empty()) << rows.size() << " of " << expected.rows.size() << " rows and " << documents.size() << " of "
                                                 << expected.documents.size() << " documents are wrong\n"
                                                 << text;
}

TransferWorld::TransferWorld(TransferPlot plot, TransferOptions options)
    : name_(fmt::format("transfer_{:08x}", std::random_device{}())),
      options_(std::move(options)),
      server_(address_of(options_.server)),
      plot_(std::move(plot)),
      partners_(server_, organisations_of(plot_.start)),
      gate_(server_, options_.meddle),
      job_(*find_job("user-ownership-transfer")),
      values_(resolved(job_, settings(server_))),
      log_(make_line_log(LogLevel::error, LogFormat::text)),
      services_(make_services(job_, values_, *log_)) {
  std::ofstream config(folder_.file("job.conf"));
  const std::string met = options_.gated ? fmt::format("127.0.0.1:{}", gate_.port()) : server_;
  for (const auto& [key, value] : settings(met)) config << key << " = \"" << value << "\"\n";
  // Less than a gate stalls.
  config << "lernd.es.request_timeout_ms = 3000\n";
  fill();
  const auto topics = must(services_->open_topics());
  must(topics->create(values_.text(kTopicOption), 1));
  must(topics->create(dead_letter_topic(job_, values_), 1));
  produce();
}

TransferWorld::~TransferWorld() {
  try {
    const auto ports = must(services_->open());
    must(ports.tables->drop_keyspace(name_));
    for (const char* setting : {"write", "read_only", "read_only_allow_delete"}) block(std::string("index.blocks.") + setting, false);
    must(ports.search->remove(kIndex));
    const auto topics = must(services_->open_topics());
    for (const std::string& topic : {values_.text(kTopicOption), dead_letter_topic(job_, values_)}) must(topics->remove(topic));
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

std::map<std::string, std::string> TransferWorld::settings(const std::string& index) const {
  const Servers servers = Servers::from_environment();
  return {
      {"job.env", name_},
      {"kafka.broker-servers", servers.kafka()},
      {"kafka.auto.offset.reset", "earliest"},
      {"lms-cassandra.host", servers.cassandra().host},
      {"lms-cassandra.port", fmt::format("{}", servers.cassandra().port)},
      {"lms-cassandra.keyspace", name_},
      {"es.basePath", index},
      {"service.userorg.basePath", partners_.users_url()},
      {"service.lms.basePath", partners_.courses_url()},
      {"task.user.ownership.transfer.parallelism", fmt::format("{}", options_.parallelism)},
      {"lernd.retry.attempts_max", fmt::format("{}", options_.attempts)},
      {"lernd.retry.delay_max_ms", "1000"},
      {"lernd.instance_id", "one"},
      {"lernd.batch.records_max", "5"},
      {"lernd.http.total_timeout_ms", "2000"},
      {"lernd.breaker.pause_ms", "500"},
      // A process that was killed must not be waited for longer than this.
      {"lernd.kafka.client.session.timeout.ms", "6000"},
  };
}

void TransferWorld::fill() const {
  const auto ports = must(services_->open());
  const TableSchema batches = job_.tables(values_).front().shape;
  must(ports.tables->create(batches));
  for (const TableSchema& table : journal_tables(journal_table(job_, values_))) must(ports.tables->create(table));
  std::vector<RowGroup> groups;
  for (const auto& [key, row] : plot_.start.rows) {
    ValueList mentors;
    for (const std::string& mentor : row.mentors) mentors.items.emplace_back(mentor);
    groups.push_back({{.table = batches.name,
                       .key = {{"courseid", key.first}, {"batchid", key.second}},
                       .set = {{"createdby", row.creator.value_or("")}, {"mentors", mentors}, {"name", "Batch"}}}});
  }
  for (auto& outcome : ports.tables->write(at_one_time(groups, make_system_clock()->write_time()))) must(std::move(outcome));
  // What a test that was killed has left behind.
  must(ports.search->remove(kIndex));
  must(ports.search->create(kIndex));
  std::vector<NewDocument> documents;
  for (const auto& [id, source] : plot_.start.documents) documents.push_back({{kIndex, id}, source.dump()});
  for (auto& outcome : ports.search->put(documents)) must(std::move(outcome));
}

void TransferWorld::produce() {
  std::vector<OutputRecord> records;
  for (const Json& event : plot_.events) records.push_back({.topic = values_.text(kTopicOption), .key = {}, .value = event.dump(), .headers = {}});
  must(must(services_->open_topics())->produce(records, 0));
}

Process TransferWorld::start(std::map<std::string, std::string> environment) {
  return Process({.words = {LERND_BINARY, "run", job_.name, "--config", folder_.file("job.conf"), "--http", "127.0.0.1:0", "--until-end"},
                  .environment = std::move(environment)});
}

bool TransferWorld::await_updates(Process& process, std::size_t more) const {
  const std::size_t aim = gate_.updates() + more;
  while (gate_.updates() < aim) {
    if (process.wait(5ms)) return false;
  }
  return true;
}

void TransferWorld::block(const std::string& setting, bool on) const {
  const auto answer = ask_index(server_, "PUT", fmt::format("/{}/_settings", kIndex), Json{{setting, on ? Json(true) : Json()}}.dump());
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->status, 200) << answer->body;
}

Ownership TransferWorld::found() const {
  const auto ports = must(services_->open());
  Ownership ownership;
  const RowsQuery all{job_.tables(values_).front().shape.name, {"courseid", "batchid", "createdby", "mentors"}, {}};
  const Rows rows = must(std::move(ports.tables->read(std::span(&all, 1)).front()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Rows::Row row = rows[i];
    const std::string* creator = row["createdby"].text();
    ownership.rows[{*row["courseid"].text(), *row["batchid"].text()}] = {creator == nullptr ? std::optional<std::string>() : *creator,
                                                                         texts_in(row["mentors"])};
  }
  must(ports.search->refresh(kIndex));
  for (const auto& [id, document] : must(ports.search->search(kIndex, {}))) ownership.documents[id] = Json::parse(document.source);
  return sorted(std::move(ownership));
}

Ownership TransferWorld::expected() const {
  Model model = plot_.start;
  for (const Json& event : plot_.events) EXPECT_TRUE(model.take(event));
  return sorted({.rows = model.rows, .documents = model.documents});
}

std::size_t TransferWorld::dead_letters() const {
  return must(must(services_->open_topics())->read({dead_letter_topic(job_, values_), 0}, {0}, 1'000'000)).size();
}

}  // namespace lernd
