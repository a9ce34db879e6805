#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lernd {

enum class OptionType { text, integer, boolean, number, list };

/// One row of an option table: the only place where an option has its name, type, unit, default and text. `--help`, `docs/configuration.md`, defaults and
/// checks all come from it.
struct Option {
  std::string name;  ///< dotted, as in the configuration file
  OptionType type = OptionType::text;
  std::string default_value;         ///< as written in a file; `{env}` stands for the value of `job.env`
  std::string unit;                  ///< empty, `ms`, `s`, `bytes`, `records`, …
  std::string doc;                   ///< one or two sentences
  std::vector<std::string> aliases;  ///< other accepted names (those of the published documentation)
  std::optional<double> min;
  std::optional<double> max;
  std::vector<std::string> choices;  ///< for texts: the only values allowed, if any
  /// What is wrong with a value beyond all that, in words that can follow a colon; empty for nothing. Null: no such rule.
  std::string (*check)(const std::string& value) = nullptr;
  enum class Role {
    plain,
    group,           ///< a consumer group: not empty, no placeholder left
    topic,           ///< a topic to read or write: not empty, no placeholder left
    optional_topic,  ///< as topic, but empty switches it off
    host,
    port,
    url,      ///< may be empty where the default is
    secret,   ///< never printed; also from `<name>_file` and the environment
    ignored,  ///< accepted for compatibility, without effect
  } role = Role::plain;
};

/// Resolved options: every option of the tables has a value, from the file, the command line, the environment or its default.
class OptionValues {
 public:
  explicit OptionValues(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}
  OptionValues() = default;

  /// The value of an option of a table. Asking for one that no table has is a programmer's error.
  const std::string& text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double number(std::string_view name) const;
  bool boolean(std::string_view name) const;
  /// Comma-separated texts, blanks around them dropped.
  std::vector<std::string> list(std::string_view name) const;
  /// All values below `prefix.`, with the prefix cut off: for options that are passed on to a library.
  std::map<std::string, std::string> below(std::string_view prefix) const;

  void set(std::string name, std::string value) { values_.insert_or_assign(std::move(name), std::move(value)); }
  const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Every option with its default.
OptionValues default_values(const std::vector<Option>& options);

}  // namespace lernd
