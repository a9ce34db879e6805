#include "app/option_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace lernd {
namespace {

using Role = Option::Role;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

template <class Number>
std::optional<Number> parsed(const std::string& text) {
  Number number{};
  const auto* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

bool all_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

std::string bounds(const Option& option) {
  const auto unit = option.unit.empty() ? std::string() : " " + option.unit;
  if (option.min && option.max) return fmt::format("a number from {} to {}{}", *option.min, *option.max, unit);
  if (option.min) return fmt::format("a number of at least {}{}", *option.min, unit);
  if (option.max) return fmt::format("a number of at most {}{}", *option.max, unit);
  return "a number" + unit;
}

class Check {
 public:
  Check(const Option& option, std::string& value, const std::string& where) : option_(option), value_(value), where_(where) {}

  std::optional<Fault> run() {
    if (option_.role != Role::secret && (option_.type != OptionType::text || option_.role != Role::plain)) value_ = trimmed(value_);
    if (option_.role == Role::ignored) return std::nullopt;
    if (auto fault = placeholder()) return fault;
    if (auto fault = type()) return fault;
    if (!option_.choices.empty() && std::ranges::find(option_.choices, value_) == option_.choices.end()) {
      std::vector<std::string> named;
      for (const auto& choice : option_.choices) named.push_back(choice.empty() ? "\"\"" : choice);
      return fault(fmt::format("{} = \"{}\" is none of {}", option_.name, shown(), fmt::join(named, ", ")), "choose one of them");
    }
    if (option_.check != nullptr) {
      if (const auto wrong = option_.check(value_); !wrong.empty()) {
        return fault(fmt::format("{} = \"{}\": {}", option_.name, shown(), wrong), fmt::format("the default is {}", option_.default_value));
      }
    }
    return role();
  }

 private:
  Fault fault(std::string what, std::string remedy) const { return {where_, std::move(what), std::move(remedy)}; }
  std::string shown() const { return option_.role == Role::secret ? "***" : value_; }

  std::optional<Fault> placeholder() const {
    const bool named = option_.role == Role::topic || option_.role == Role::group || option_.role == Role::optional_topic;
    for (std::string_view mark : {"{{", "__env__", "{env}"}) {
      if (!value_.contains(mark) || (mark != "{{" && !named) || option_.role == Role::secret) continue;
      return fault(fmt::format("{} = \"{}\" still holds the placeholder {}", option_.name, shown(), mark == "{{" ? "{{…}}" : mark),
                   "write the name of the installation in its place");
    }
    return std::nullopt;
  }

  std::optional<Fault> type() {
    switch (option_.type) {
      case OptionType::boolean: {
        static constexpr std::array kTrue{"true", "yes", "on"};
        static constexpr std::array kFalse{"false", "no", "off"};
        if (std::ranges::find(kTrue, value_) != kTrue.end()) value_ = "true";
        if (std::ranges::find(kFalse, value_) != kFalse.end()) value_ = "false";
        if (value_ != "true" && value_ != "false")
          return fault(fmt::format("{} = \"{}\" is neither true nor false", option_.name, shown()), "write true or false");
        return std::nullopt;
      }
      case OptionType::integer:
        return number(parsed<std::int64_t>(value_).has_value());
      case OptionType::number:
        return number(parsed<double>(value_).has_value());
      case OptionType::text:
      case OptionType::list:
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Fault> number(bool readable) const {
    const auto value = parsed<double>(value_);
    if (readable && value && *value >= option_.min.value_or(*value) && *value <= option_.max.value_or(*value)) return std::nullopt;
    if (option_.role == Role::port && !all_digits(value_)) {
      return fault(fmt::format("{} = \"{}\" is not a port", option_.name, shown()),
                   "if host and port are swapped, exchange them; a port is a number from 1 to 65535");
    }
    return fault(fmt::format("{} = \"{}\" is not {}", option_.name, shown(), bounds(option_)), fmt::format("the default is {}", option_.default_value));
  }

  std::optional<Fault> role() const {
    switch (option_.role) {
      case Role::group:
      case Role::topic:
        if (value_.empty()) {
          return fault(fmt::format("{} is empty", option_.name), option_.default_value.empty()
                                                                     ? fmt::format("name one, in the file or with --set {}=NAME", option_.name)
                                                                     : fmt::format("name one, for example {}", option_.default_value));
        }
        return topic_name();
      case Role::optional_topic:
        return topic_name();
      case Role::host:
        return hosts();
      case Role::url:
        return url();
      default:
        return std::nullopt;
    }
  }

  /// What Kafka allows in names; a group may hold anything, but one with such characters is a slip all the same.
  std::optional<Fault> topic_name() const {
    const auto odd = std::ranges::find_if(value_, [](unsigned char c) { return !(std::isalnum(c) || c == '.' || c == '_' || c == '-'); });
    if (odd == value_.end() && value_.size() <= 249) return std::nullopt;
    return fault(fmt::format("{} = \"{}\" is not a name Kafka takes", option_.name, shown()), "use at most 249 letters, digits, '.', '_' and '-'");
  }

  std::optional<Fault> hosts() const {
    if (option_.type != OptionType::list) return host(value_, false);
    std::vector<std::string> items;
    std::size_t at = 0;
    while (at <= value_.size()) {
      const auto comma = std::min(value_.find(',', at), value_.size());
      items.push_back(trimmed(value_.substr(at, comma - at)));
      at = comma + 1;
    }
    const bool with_port = option_.default_value.contains(':');
    for (const auto& item : items) {
      if (auto found = host(item, with_port)) return found;
    }
    return std::nullopt;
  }

  std::optional<Fault> host(const std::string& item, bool with_port) const {
    const std::string example = fmt::format("for example {}", option_.default_value);
    if (item.empty()) return fault(fmt::format("{} = \"{}\" names no host", option_.name, shown()), example);
    if (all_digits(item)) {
      return fault(fmt::format("{} = \"{}\" is a port, not a host", option_.name, shown()), "if host and port are swapped, exchange them");
    }
    if (item.find_first_of(" /,") != std::string::npos) return fault(fmt::format("{}: \"{}\" is not a host", option_.name, item), example);
    const auto colon = item.rfind(':');
    const bool address6 = std::ranges::count(item, ':') > 1 && !item.starts_with('[');
    const bool has_port = colon != std::string::npos && !address6 && !item.ends_with(']');
    if (has_port && !with_port) return fault(fmt::format("{}: \"{}\" holds a port", option_.name, item), "the port has an option of its own");
    if (!with_port) return std::nullopt;
    if (!has_port) return fault(fmt::format("{}: \"{}\" has no port", option_.name, item), example);
    const auto port = parsed<int>(item.substr(colon + 1));
    if (all_digits(item.substr(0, colon)) && !port) {
      return fault(fmt::format("{}: \"{}\" has host and port swapped", option_.name, item), "write host:port");
    }
    if (colon == 0 || !port || *port < 1 || *port > 65535) return fault(fmt::format("{}: \"{}\" is not host:port", option_.name, item), example);
    return std::nullopt;
  }

  std::optional<Fault> url() const {
    if (value_.empty() && option_.default_value.empty()) return std::nullopt;
    std::string_view rest = value_;
    for (std::string_view scheme : {"http://", "https://"}) {
      if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    }
    const auto authority = rest.substr(0, rest.find('/'));
    const auto colon = authority.rfind(':');
    const bool bad_port = colon != std::string_view::npos && !authority.ends_with(']') && !all_digits(authority.substr(colon + 1));
    const bool digits_only = all_digits(authority);
    if (!authority.empty() && !bad_port && !digits_only && !rest.contains("://") && value_.find_first_of(" \t") == std::string::npos) return std::nullopt;
    return fault(fmt::format("{} = \"{}\" is not an HTTP address", option_.name, shown()), fmt::format("for example {}", option_.default_value));
  }

  const Option& option_;
  std::string& value_;
  const std::string& where_;
};

}  // namespace

std::string Fault::text() const {
  std::string line = where.empty() ? what : where + ": " + what;
  if (!remedy.empty()) line += "; " + remedy;
  return line;
}

std::optional<Fault> check_value(const Option& option, std::string& value, const std::string& where) { return Check(option, value, where).run(); }

}  // namespace lernd
