#include "kafka_client.h"

#include <fmt/format.h>

#include <array>
#include <future>
#include <thread>
#include <utility>

#include "kafka_error.h"

namespace lernd {
namespace {

constexpr std::chrono::milliseconds kAskSlice{500};  // between two looks at whether the credentials were refused
constexpr int kAskPauseMs = 50;
constexpr std::chrono::seconds kEndTime{2};

std::string_view level_name(int syslog_level) {
  if (syslog_level <= 3) return "error";
  if (syslog_level == 4) return "warning";
  return syslog_level <= 6 ? "info" : "debug";
}

KafkaClient& client_of(void* opaque) { return *static_cast<KafkaClient*>(opaque); }

}  // namespace

Result<ConfHandle> KafkaClient::configure(const ClientSettings& settings) const {
  ConfHandle conf(rd_kafka_conf_new());
  std::array<char, 512> reason{};
  for (const auto& [name, value] : settings) {
    const auto set = rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size());
    if (set == RD_KAFKA_CONF_OK) continue;
    const auto option = options_.client.contains(name) ? client_option(name) : name;
    const auto what = set == RD_KAFKA_CONF_UNKNOWN ? "librdkafka has no such setting" : is_secret(name) ? "librdkafka does not take its value" : reason.data();
    return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{}: {}; correct or remove it", option, what));
  }
  return conf;
}

Result<std::unique_ptr<KafkaClient>> KafkaClient::open(const KafkaOptions& options, ClientRole role, const std::string& group, Hooks hooks) {
  auto settings = client_settings(options, role, group);
  if (!settings) return std::unexpected(settings.error());
  std::unique_ptr<KafkaClient> client(new KafkaClient(options, std::move(hooks)));
  auto conf = client->configure(*settings);
  if (!conf) return std::unexpected(conf.error());

  rd_kafka_conf_set_opaque(conf->get(), client.get());
  rd_kafka_conf_set_log_cb(conf->get(), &KafkaClient::on_log);
  rd_kafka_conf_set_error_cb(
      conf->get(), [](rd_kafka_t*, int code, const char* reason, void* opaque) { client_of(opaque).hear(static_cast<rd_kafka_resp_err_t>(code), reason); });
  const auto consumer = role == ClientRole::member || role == ClientRole::reader;
  if (role == ClientRole::member) {
    rd_kafka_conf_set_rebalance_cb(conf->get(), [](rd_kafka_t*, rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions, void* opaque) {
      client_of(opaque).hooks_.rebalance(event, partitions);
    });
  }
  if (!consumer) {
    rd_kafka_conf_set_dr_msg_cb(conf->get(),
                                [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) { client_of(opaque).hooks_.delivered(*message); });
  }

  std::array<char, 512> reason{};
  client->handle_ = rd_kafka_new(consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size());
  if (client->handle_ == nullptr) {
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("librdkafka does not take the settings: {}; correct lernd.kafka.client.*", without_secrets(reason.data(), options.client)));
  }
  static_cast<void>(conf->release());
  return client;
}

KafkaClient::~KafkaClient() {
  if (handle_ != nullptr) rd_kafka_destroy_flags(handle_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void KafkaClient::end(std::unique_ptr<KafkaClient> client) {
  if (!client) return;
  client->silence();
  std::promise<void> ended;
  const auto over = ended.get_future();
  std::thread([client = std::move(client), ended = std::move(ended)]() mutable {
    client.reset();
    ended.set_value();
  }).detach();
  over.wait_for(kEndTime);
}

void KafkaClient::abandon(std::unique_ptr<KafkaClient> client) {
  client->silence();
  static_cast<void>(client.release());
}

void KafkaClient::silence() {
  muted_ = true;
  hooks_ = {[](auto, auto*) {}, [](const auto&) {}};
}

void KafkaClient::serve(int wait_ms) { rd_kafka_poll(handle_, wait_ms); }

void KafkaClient::seen_alive() {
  brokers_down_ = false;
  was_alive_ = true;
  last_heard_.clear();
}

void KafkaClient::hear(rd_kafka_resp_err_t code, std::string_view reason) {
  last_heard_ = without_secrets(std::string(reason), options_.client);
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    brokers_down_ = true;
    return;
  }
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    std::array<char, 512> text{};
    code = rd_kafka_fatal_error(handle_, text.data(), text.size());
    fault_ = kafka_error(code, "the client", without_secrets(text.data(), options_.client));
    return;
  }
  // A TLS connection that a broker cuts as it stops is reported in the same way as a wrong certificate, so it only counts before anything worked.
  const auto refused = code == RD_KAFKA_RESP_ERR__AUTHENTICATION || (code == RD_KAFKA_RESP_ERR__SSL && !was_alive_);
  if (refused) fault_ = kafka_error(code, "connecting", last_heard_);
}

Error KafkaClient::error(rd_kafka_resp_err_t code, std::string_view doing) const {
  auto error = kafka_error(code, doing);
  if (error.treatment == Treatment::retry && !last_heard_.empty()) return kafka_error(code, doing, last_heard_);
  return error;
}

Error KafkaClient::error(const rd_kafka_error_t* error, std::string_view doing) const {
  return kafka_error(rd_kafka_error_code(error), doing, without_secrets(rd_kafka_error_string(error), options_.client));
}

Result<void> KafkaClient::ask(const Deadline& deadline, std::string_view doing, const std::function<rd_kafka_resp_err_t(int wait_ms)>& call) {
  for (;;) {
    const auto code = call(deadline.remaining_ms(kAskSlice));
    serve();
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      seen_alive();
      return {};
    }
    if (fault_) return std::unexpected(*fault_);
    auto failed = error(code, doing);
    if (failed.treatment != Treatment::retry || deadline.passed()) return std::unexpected(std::move(failed));
    serve(deadline.remaining_ms(std::chrono::milliseconds(kAskPauseMs)));
  }
}

void KafkaClient::on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const auto* opaque = rd_kafka_opaque(client);
  if (opaque == nullptr) return;
  const auto& self = *static_cast<const KafkaClient*>(opaque);
  if (!self.options_.on_log || self.muted_) return;
  const std::string_view line(text);
  // Settings of one kind of client are given to all of them; that the others do without is no news.
  if (line.contains("will be ignored by this")) return;
  self.options_.on_log(level_name(level), without_secrets(fmt::format("librdkafka {}: {}", facility, line), self.options_.client));
}

}  // namespace lernd
