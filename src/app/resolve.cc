#include "app/resolve.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "app/option_checks.h"

namespace lernd {
namespace {

using Role = Option::Role;

/// Finds the value of one option after the other.
class Resolver {
 public:
  Resolver(const OptionTable& table, const OptionSources& sources) : table_(table), sources_(sources) {}

  ResolvedOptions run() {
    for (const auto& option : table_.all()) {
      if (option.name == "job.env") settle(option);
    }
    for (const auto& option : table_.all()) {
      if (option.name != "job.env" && option.role != Role::ignored && !option.name.ends_with('*')) settle(option);
    }
    families();
    set_keys_are_known();
    return std::move(resolved_);
  }

 private:
  struct Found {
    std::string value;
    std::string where;
  };

  void fault(std::string where, std::string what, std::string remedy) { resolved_.faults.push_back({std::move(where), std::move(what), std::move(remedy)}); }

  std::optional<Found> in_file(const std::string& key) const {
    if (sources_.file == nullptr) return std::nullopt;
    const auto found = sources_.file->values.find(key);
    if (found == sources_.file->values.end()) return std::nullopt;
    return Found{found->second.text, found->second.where};
  }

  std::optional<Found> in_set(const std::string& key) const {
    const auto found = sources_.set.find(key);
    if (found == sources_.set.end()) return std::nullopt;
    return Found{found->second, "--set " + key};
  }

  /// The value under the name or one of the aliases; given twice and differently it is a fault.
  template <class Look>
  std::optional<Found> under_any_name(const Option& option, Look look) {
    std::optional<Found> found = look(option.name);
    std::string by = option.name;
    for (const auto& alias : option.aliases) {
      auto other = look(alias);
      if (!other) continue;
      if (!found) {
        found = std::move(other);
        by = alias;
      } else if (found->value != other->value) {
        fault(other->where, fmt::format("{} and {} are two names of one option and have different values", by, alias), "keep one of them");
      }
    }
    return found;
  }

  std::optional<Found> secret(const Option& option) {
    const auto name = option.name + "_file";
    auto file = in_set(name);
    if (!file) file = in_file(name);
    std::optional<Found> found;
    if (file) {
      std::ifstream in(file->value, std::ios::binary);
      if (!in) {
        fault(file->where, fmt::format("{} names the file {}, which cannot be read", name, file->value), "correct the name or its permissions");
        return std::nullopt;
      }
      std::string text(std::istreambuf_iterator<char>(in), {});
      while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
      found = Found{std::move(text), file->where};
    }
    const auto variable = environment_name(option.name);
    if (auto value = sources_.environment ? sources_.environment(variable) : std::nullopt) found = Found{std::move(*value), "environment " + variable};
    return found;
  }

  void settle(const Option& option) {
    auto found = under_any_name(option, [&](const std::string& key) { return in_file(key); });
    if (option.role == Role::secret) {
      if (auto better = secret(option)) found = std::move(better);
    }
    if (auto set = under_any_name(option, [&](const std::string& key) { return in_set(key); })) found = std::move(set);
    // A group without a default has to be set: not to do so is to leave it empty.
    if (!found && option.role == Role::group && option.default_value.empty()) found = Found{"", ""};
    if (found) {
      resolved_.where[option.name] = found->where;
      if (auto wrong = check_value(option, found->value, found->where)) {
        resolved_.faults.push_back(std::move(*wrong));
        resolved_.faulty.insert(option.name);
        found.reset();
      }
    }
    resolved_.values.set(option.name, found ? std::move(found->value) : default_of(option));
  }

  std::string default_of(const Option& option) const {
    std::string value = option.default_value;
    if (const auto at = value.find("{env}"); at != std::string::npos) value.replace(at, 5, resolved_.values.text("job.env"));
    return value;
  }

  /// Values of options that stand for a family are kept under their own names.
  void families() {
    const auto take = [&](const std::string& key, const std::string& value, const std::string& where) {
      const auto* option = table_.find(key);
      if (option == nullptr || !option->name.ends_with('*') || option->role == Role::ignored || is_secret_file(key)) return;
      resolved_.values.set(key, value);
      resolved_.where[key] = where;
    };
    if (sources_.file != nullptr) {
      for (const auto& [key, value] : sources_.file->values) take(key, value.text, value.where);
    }
    for (const auto& [key, value] : sources_.set) take(key, value, "--set " + key);
  }

  bool is_secret_file(const std::string& key) const {
    if (!key.ends_with("_file")) return false;
    const auto* option = table_.find(key.substr(0, key.size() - 5));
    return option != nullptr && option->role == Role::secret;
  }

  void set_keys_are_known() {
    for (const auto& [key, value] : sources_.set) {
      if (table_.find(key) != nullptr || is_secret_file(key)) continue;
      const auto near = table_.nearest(key);
      fault("--set " + key, "there is no such option", near.empty() ? "`lernd options` lists all" : fmt::format("did you mean {}?", near));
    }
  }

  const OptionTable& table_;
  const OptionSources& sources_;
  ResolvedOptions resolved_;
};

}  // namespace

ResolvedOptions resolve_options(const OptionTable& table, const OptionSources& sources) { return Resolver(table, sources).run(); }

void check_together(const JobDescription& job, ResolvedOptions& resolved) {
  if (!resolved.faults.empty()) return;
  for (auto& fault : job.check(resolved.values)) {
    const auto where = resolved.where.find(fault.option);
    resolved.faults.push_back({where == resolved.where.end() ? "" : where->second, std::move(fault.what), std::move(fault.remedy)});
    resolved.faulty.insert(std::move(fault.option));
  }
}

std::string environment_name(std::string_view option) {
  if (option.starts_with("lernd.")) option.remove_prefix(6);
  std::string name = "LERND_";
  for (const char c : option) name += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::vector<UnknownKey> unknown_keys(const ConfigFile& file, std::span<const OptionTable* const> tables) {
  std::vector<UnknownKey> unknown;
  for (const auto& [key, value] : file.values) {
    bool known = false;
    std::string near;
    for (const auto* table : tables) {
      const auto* secret = key.ends_with("_file") ? table->find(key.substr(0, key.size() - 5)) : nullptr;
      known = known || table->find(key) != nullptr || (secret != nullptr && secret->role == Role::secret);
      if (near.empty()) near = table->nearest(key);
    }
    if (known) continue;
    unknown.push_back({key,
                       {value.where, fmt::format("nothing is known by the name {}", key),
                        near.empty() ? "take it out; `lernd options` lists all names" : fmt::format("did you mean {}?", near)}});
  }
  return unknown;
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string shown(const Option& option, const std::string& value) { return option.role == Role::secret && !value.empty() ? "***" : value; }

}  // namespace lernd
