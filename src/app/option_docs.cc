#include "app/option_docs.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/option_table.h"
#include "app/resolve.h"
#include "app/runtime_options.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

constexpr std::string_view kHead = R"(# Configuration

Generated from the option tables by `lernd options --markdown`; a test fails when this page is stale.

A file is HOCON, that of the Flink job; `include "base-config.conf"` and `include file("…")` work, and one that is not there is an error. Later sources win: default, file,
environment (secrets only), `--set key=value`. `{env}` in a default is the value of `job.env`. Several jobs share a process with `--config JOB=FILE` once a job.
A secret may also be given in a file named by `<name>_file`, or in the environment under the name the table shows; it is never printed.
A key that no option goes by is reported with the nearest known name: below `lernd.` it stops the program, elsewhere it is a warning, and a fault for `lernd validate`.

)";

std::string_view type_name(OptionType type) {
  switch (type) {
    case OptionType::text:
      return "text";
    case OptionType::integer:
      return "integer";
    case OptionType::boolean:
      return "true or false";
    case OptionType::number:
      return "number";
    case OptionType::list:
      return "list";
  }
  return "";
}

std::string bounds(const Option& option) {
  if (option.min && option.max) return fmt::format("{} to {}", *option.min, *option.max);
  if (option.min) return fmt::format("at least {}", *option.min);
  if (option.max) return fmt::format("at most {}", *option.max);
  return "";
}

/// Type, unit and bounds: `integer, ms, 1 to 1000`.
std::string form_of(const Option& option) {
  std::string form(option.choices.empty() ? type_name(option.type) : "one of");
  for (std::size_t i = 0; i < option.choices.size(); ++i) {
    form += fmt::format("{} {}", i == 0 ? "" : ",", option.choices[i].empty() ? "(empty)" : option.choices[i]);
  }
  if (!option.unit.empty()) form += ", " + option.unit;
  if (const auto text = bounds(option); !text.empty()) form += ", " + text;
  return form;
}

std::string notes_of(const Option& option) {
  std::string notes = option.doc;
  if (!option.aliases.empty()) notes += fmt::format(" Also: {}.", fmt::join(option.aliases, ", "));
  if (option.role == Option::Role::secret) notes += fmt::format(" Secret; also `{}_file` or `{}`.", option.name, environment_name(option.name));
  return notes;
}

std::string table_of(std::vector<Option> options) {
  std::ranges::sort(options, {}, &Option::name);
  std::string text = "| option | default | form | meaning |\n|---|---|---|---|\n";
  for (const Option& option : options) {
    const auto shown_default = option.default_value.empty() ? std::string() : fmt::format("`{}`", option.default_value);
    text += fmt::format("| `{}` | {} | {} | {} |\n", option.name, shown_default, form_of(option), notes_of(option));
  }
  return text + "\n";
}

bool ignored(const Option& option) { return option.role == Option::Role::ignored; }

}  // namespace

std::string option_docs_markdown() {
  std::string text(kHead);
  text += "## Every job\n\n" + table_of(runtime_options());
  std::vector<std::string> without_effect;
  for (const Option& option : ignored_options()) without_effect.push_back(option.name);
  for (const JobDescription& job : all_jobs()) {
    std::vector<Option> own;
    for (const Option& option : job.options) {
      if (ignored(option)) {
        without_effect.push_back(option.name);
      } else {
        own.push_back(option);
      }
    }
    text += fmt::format("## {}\n\n{}\n\n{}", job.name, job.summary, table_of(std::move(own)));
  }
  std::ranges::sort(without_effect);
  text += "## Accepted, without effect\n\nKeys of the Flink jobs' files that mean nothing here; `*` stands for any ending.\n\n";
  for (const std::string& name : without_effect) text += fmt::format("`{}` ", name);
  text.back() = '\n';
  return text;
}

std::string option_docs_text(const std::string& job) {
  const JobDescription* description = find_job(job);
  if (description == nullptr) return "";
  std::string text;
  const OptionTable table = options_for(*description);
  for (const Option& option : table.all()) {
    if (ignored(option)) continue;
    text +=
        fmt::format("{} = {}\n    {}; {}\n", option.name, option.default_value.empty() ? "(empty)" : option.default_value, form_of(option), notes_of(option));
  }
  return text;
}

}  // namespace lernd
