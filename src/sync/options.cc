#include "sync/options.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "sync/parameters.h"
#include "sync/secrets.h"

namespace lernd::sync {
namespace {

constexpr std::int64_t kBlockSizeDefault = 100;
constexpr std::size_t kNameMax = 48;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// A value as a fault may quote it.
std::string quoted(std::string_view value) {
  constexpr std::size_t kShown = 80;
  std::string text(value.substr(0, kShown));
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return fmt::format("`{}{}`", text, value.size() > kShown ? "..." : "");
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= kNameMax && is_letter(text[0]) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

std::optional<bool> boolean_of(std::string_view text) {
  const std::string word = lower(text);
  if (word == "true" || word == "1" || word == "yes") return true;
  if (word == "false" || word == "0" || word == "no") return false;
  return std::nullopt;
}

bool is_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto word = choices.substr(0, choices.find(' '));
    if (word == value || (word == "empty" && value.empty())) return true;
    choices.remove_prefix(std::min(choices.size(), word.size() + 1));
  }
  return false;
}

/// Every parameter with its value, checked one by one.
class Values {
 public:
  Values(std::span<const Settings> layers, Resolved& out) : out_(out) {
    for (const Parameter& parameter : parameters()) values_.emplace(parameter.name, parameter.value);
    for (const Settings& layer : layers) {
      for (const auto& [name, value] : layer) values_[name] = value;
    }
    for (const Parameter& parameter : parameters()) check(parameter);
  }

  const std::string& text(std::string_view name) const { return values_.find(name)->second; }
  bool boolean(std::string_view name) const { return boolean_of(text(name)).value_or(false); }
  std::chrono::milliseconds ms(std::string_view name) const { return std::chrono::milliseconds(integer(name)); }
  int number(std::string_view name) const { return static_cast<int>(integer(name)); }

  std::int64_t integer(std::string_view name) const {
    std::string_view digits = text(name);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
  }

  void fault(std::string_view name, std::string_view what) { out_.faults.push_back(fmt::format("{}: {}", name, what)); }

 private:
  void check(const Parameter& parameter) {
    std::string& value = values_.find(parameter.name)->second;
    if (value.find('\0') != std::string::npos) return fault(parameter.name, "holds a zero byte");
    switch (parameter.kind) {
      case Kind::integer:
        return check_integer(parameter, value);
      case Kind::boolean:
        if (!boolean_of(value)) fault(parameter.name, fmt::format("{} is neither true nor false", quoted(value)));
        return;
      case Kind::identifier:
        if (!value.empty() && !is_identifier(value)) {
          fault(parameter.name, fmt::format("{} is no name; it begins with a letter, then letters, digits and _, {} at the most", quoted(value), kNameMax));
        }
        return;
      case Kind::choice:
        return check_choice(parameter, value);
      case Kind::url:
        if (!lower(value).starts_with("http://") && !lower(value).starts_with("https://")) {
          fault(parameter.name, fmt::format("{} has no http:// or https:// in front", quoted(shown_url(value))));
        }
        return;
      case Kind::regex:
        if (const re2::RE2 pattern(value, re2::RE2::Quiet); !pattern.ok()) fault(parameter.name, fmt::format("no regular expression: {}", pattern.error()));
        return;
      case Kind::text:
      case Kind::secret:
      case Kind::path:
        return;
    }
  }

  void check_integer(const Parameter& parameter, const std::string& value) {
    std::string_view digits = value;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = end == digits.data() + digits.size() && !value.starts_with("+-");
    if (!whole || (error != std::errc() && error != std::errc::result_out_of_range)) {
      fault(parameter.name, fmt::format("{} is no whole number", quoted(value)));
    } else if (error == std::errc::result_out_of_range || number < parameter.least || number > parameter.most) {
      fault(parameter.name, fmt::format("{} is not between {} and {}", quoted(value), parameter.least, parameter.most));
    }
  }

  void check_choice(const Parameter& parameter, std::string& value) {
    for (std::string& form : std::vector<std::string>{lower(value), environment_name(value)}) {
      if (!is_choice(parameter.choices, form)) continue;
      value = form;
      return;
    }
    fault(parameter.name, fmt::format("{} is none of: {}", quoted(value), parameter.choices));
  }

  Resolved& out_;
  std::map<std::string, std::string, std::less<>> values_;
};

std::string secret(Values& values, std::string_view name, const std::function<Result<SecretFile>(const std::string&)>& read_secret, Resolved& out) {
  if (!values.text(name).empty()) return values.text(name);
  const std::string file_parameter = std::string(name) + "_file";
  const std::string& path = values.text(file_parameter);
  if (path.empty()) return {};
  auto file = read_secret(path);
  if (!file) {
    values.fault(file_parameter, file.error().text);
    return {};
  }
  if (file->open_to_others) out.warnings.push_back(fmt::format("{}: others may read {}; take their right away with chmod 600", file_parameter, path));
  std::string text = std::move(file->text);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

void take_what(Values& values, Resolved& out) {
  Options& options = out.options;
  const auto type = object_type_named(values.text("sunbird_sync_object_type"));
  if (!type) {
    values.fault("sunbird_sync_object_type",
                 fmt::format("{} is none of: user, organisation, location, batch, user_course", quoted(values.text("sunbird_sync_object_type"))));
  }
  options.type = type.value_or(*object_type_named("user"));
  // As in a statement without quotes, case does not count.
  const auto or_else = [](const std::string& given, std::string_view otherwise) { return given.empty() ? std::string(otherwise) : lower(given); };
  options.id_file = values.text("sunbird_sync_id_file");
  options.keyspace = or_else(values.text("sunbird_cassandra_keyspace"), options.type.keyspace);
  options.table = or_else(values.text("sunbird_cassandra_table"), options.type.table);
  options.column = or_else(values.text("sunbird_cassandra_column"), options.type.column);
  options.verify = values.text("sunbird_sync_operation_type") == "sync";
  if (options.verify && type && !type->verifiable) {
    values.fault("sunbird_sync_operation_type", fmt::format("`sync` is only for user, organisation and location, not for {}", type->name));
  }
  options.dry_run = values.boolean("dry_run");
  options.id_column = static_cast<std::size_t>(values.integer("sunbird_sync_id_column"));
  options.id_pattern = values.text("sunbird_sync_id_pattern");
  options.dedupe = values.boolean("sunbird_sync_dedupe");
}

void take_api(Values& values, const std::function<Result<SecretFile>(const std::string&)>& read_secret, Resolved& out) {
  Options& options = out.options;
  options.endpoint = values.text("sunbird_sync_api_endpoint");
  options.api_key = secret(values, "sunbird_sync_api_key", read_secret, out);
  constexpr std::string_view kBearer = "bearer ";
  if (lower(options.api_key).starts_with(kBearer)) options.api_key.erase(0, kBearer.size());
  if (std::ranges::any_of(options.api_key, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    values.fault("sunbird_sync_api_key", "holds a control character, so it cannot stand in a header");
  }
  options.ca_file = values.text("sunbird_sync_ca_file");
  options.insecure = values.boolean("sunbird_sync_insecure");
  if (options.insecure) out.warnings.emplace_back("sunbird_sync_insecure: the certificate of the endpoint is not checked");
  options.connect_timeout = values.ms("sunbird_sync_connect_timeout_ms");
  options.request_timeout = values.ms("sunbird_sync_request_timeout_ms");
}

void take_pace(const Values& values, Resolved& out) {
  Options& options = out.options;
  options.block_size = values.integer("sunbird_sync_block_size");
  if (options.block_size <= 0) {
    out.warnings.push_back(fmt::format("sunbird_sync_block_size: {} is not above 0, {} is used", options.block_size, kBlockSizeDefault));
    options.block_size = kBlockSizeDefault;
  }
  options.pause = values.ms("sunbird_sync_sleep_time");
  if (options.pause.count() <= 0) {
    out.warnings.push_back(fmt::format("sunbird_sync_sleep_time: {} is not above 0, {} ms are used", options.pause.count(), options.block_size * 100));
    options.pause = std::chrono::milliseconds(options.block_size * 100);
  }
  options.concurrency = values.number("sunbird_sync_concurrency");
  options.requests_per_hour_max = values.integer("sunbird_sync_requests_per_hour_max");
  options.body_bytes_max = static_cast<std::size_t>(values.integer("sunbird_sync_body_max_bytes"));
  options.retry_max = values.number("sunbird_sync_retry_max");
  options.retry_base = values.ms("sunbird_sync_retry_base_ms");
  options.retry_cap = values.ms("sunbird_sync_retry_cap_ms");
  options.throttle_wait_max = values.ms("sunbird_sync_throttle_wait_max_ms");
  options.failed_blocks_max = values.number("sunbird_sync_failed_blocks_max");
  options.continue_on_fatal = values.text("sunbird_sync_on_fatal") == "continue";
}

std::vector<std::string> hosts_of(std::string_view list) {
  std::vector<std::string> hosts;
  while (true) {
    const auto comma = list.find(',');
    auto host = list.substr(0, comma);
    const auto first = host.find_first_not_of(" \t");
    if (first != std::string_view::npos) hosts.emplace_back(host.substr(first, host.find_last_not_of(" \t") - first + 1));
    if (comma == std::string_view::npos) return hosts;
    list.remove_prefix(comma + 1);
  }
}

void take_cassandra(Values& values, const std::function<Result<SecretFile>(const std::string&)>& read_secret, Resolved& out) {
  Options::Cassandra& cassandra = out.options.cassandra;
  const bool scans = out.options.id_file.empty();
  cassandra.hosts = hosts_of(values.text("sunbird_cassandra_server"));
  if (scans && cassandra.hosts.empty()) values.fault("sunbird_cassandra_server", "no contact point");
  cassandra.port = values.number("sunbird_cassandra_port");
  cassandra.user = values.text("sunbird_cassandra_username");
  if (scans)
    cassandra.password = secret(values, "sunbird_cassandra_password", read_secret, out);
  else
    cassandra.password = values.text("sunbird_cassandra_password");
  if (scans && cassandra.user.empty() && !cassandra.password.empty()) {
    values.fault("sunbird_cassandra_username", "is empty although there is a password; without authentication both are empty");
  }
  cassandra.page_rows = values.number("sunbird_cassandra_page_size");
  cassandra.concurrency = values.number("sunbird_cassandra_scan_concurrency");
  cassandra.ranges = values.number("sunbird_cassandra_scan_ranges");
  cassandra.consistency = values.text("sunbird_cassandra_consistency");
  cassandra.timeout = values.ms("sunbird_cassandra_timeout_ms");
  cassandra.tls = values.boolean("sunbird_cassandra_ssl");
  cassandra.tls_ca_file = values.text("sunbird_cassandra_ca_file");
}

}  // namespace

std::string Options::source() const { return id_file.empty() ? keyspace + "." + table + "." + column : id_file; }

Resolved resolve(std::span<const Settings> layers, const std::function<Result<SecretFile>(const std::string& path)>& read_secret) {
  Resolved out;
  Values values(layers, out);
  take_what(values, out);
  take_api(values, read_secret, out);
  take_pace(values, out);
  take_cassandra(values, read_secret, out);
  out.options.log_dir = values.text("sunbird_sync_log_dir").empty() ? "." : values.text("sunbird_sync_log_dir");
  const auto& resume = values.text("sunbird_sync_resume");
  out.options.resume = resume == "never" ? Resume::never : resume == "require" ? Resume::require : Resume::automatic;
  out.options.checkpoint_file = values.text("sunbird_sync_checkpoint_file");
  out.options.progress = values.text("sunbird_sync_progress");
  return out;
}

}  // namespace lernd::sync
