#include "app/option_docs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <vector>

#include "app/option_table.h"
#include "app/resolve.h"
#include "app/runtime_options.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

using Role = Option::Role;

constexpr const char* kIntroduction = R"(# Configuration

<!-- Written by `lernd options --markdown`. Change the tables in src/app/runtime_options.cc and src/jobs/*/options.cc, not this page. -->

The file is [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md), and so JSON too. It is that of the Flink job: `include "base-config.conf"` is looked for beside
the file that includes it, `include file("/etc/lernd/base-config.conf")` as it says, and a file that is not there is an error. Substitutions (`${job.env}`) work.

```
lernd run enrolment-reconciliation --config enrolment-reconciliation.conf --set redis.host=10.0.0.7
```

- `--config FILE` (or `--config.file.path FILE`, as the Flink jobs have it) is for all jobs of the process, `--config JOB=FILE` for one. `--set KEY=VALUE` wins over the
  file, `--set JOB:KEY=VALUE` for one job. `--embedded FILE` is short for `lernd.embedded.file`, `--http ADDR:PORT` for `lernd.admin.address`.
- Log, admin address and drain time of a process are those of its first job.
- `{env}` in a default is the value of `job.env`. In a file it is an error, as is `__env__`: write the name.
- Two names of one option with different values are an error. An unknown name is a warning, below `lernd` an error; `lernd validate` reports both, with the nearest known name.
- A **secret** may stand in a file of its own, named by the option with `_file` appended, or in the environment: `lernd.cassandra.password` as `LERND_CASSANDRA_PASSWORD`. It is
  never printed.

)";

std::string escaped(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

std::string default_text(const Option& option) {
  if (option.role == Role::secret) return "";
  std::string text = option.default_value.empty() ? "" : "`" + option.default_value + "`";
  if (!option.unit.empty() && !text.empty()) text += " " + option.unit;
  return text;
}

std::string type_text(const Option& option) {
  if (!option.choices.empty()) {
    std::vector<std::string> named;
    for (const auto& choice : option.choices) named.push_back(choice.empty() ? "empty" : "`" + choice + "`");
    return fmt::format("{}", fmt::join(named, ", "));
  }
  switch (option.type) {
    case OptionType::boolean:
      return "true, false";
    case OptionType::integer:
    case OptionType::number:
      if (option.min && option.max) return fmt::format("{} to {}", *option.min, *option.max);
      return option.min ? fmt::format("at least {}", *option.min) : "number";
    case OptionType::list:
      return "list";
    case OptionType::text:
      break;
  }
  return option.role == Role::secret ? "secret" : option.role == Role::topic || option.role == Role::optional_topic ? "topic" : "text";
}

std::string doc_text(const Option& option) {
  std::string text = option.doc;
  for (const auto& alias : option.aliases) text += fmt::format(" Also `{}`.", alias);
  if (option.role == Role::secret) text += fmt::format(" Also `{}_file`, or `{}` in the environment.", option.name, environment_name(option.name));
  return text;
}

std::string table(const std::vector<Option>& options) {
  std::string text = "| option | default | values | |\n|---|---|---|---|\n";
  for (const auto& option : options) {
    if (option.role == Role::ignored) continue;
    text += fmt::format("| `{}` | {} | {} | {} |\n", option.name, escaped(default_text(option)), escaped(type_text(option)), escaped(doc_text(option)));
  }
  return text + "\n";
}

std::vector<Option> below(const std::vector<Option>& options, bool lernd) {
  std::vector<Option> found;
  for (const auto& option : options) {
    if (option.name.starts_with("lernd.") == lernd) found.push_back(option);
  }
  return found;
}

std::set<std::string> endpoints() {
  std::set<std::string> names;
  for (const auto& job : all_jobs()) {
    for (const auto& cache : job.caches(resolve_options(options_for(job), {}).values)) names.insert(cache.endpoint);
  }
  return names;
}

/// Those of search indices stand beside the others.
std::vector<Option> service_options(bool lernd) {
  auto options = below(runtime_options(), lernd);
  for (auto& option : below(search_options(), lernd)) options.push_back(std::move(option));
  return options;
}

std::vector<Option> program_options() {
  auto options = service_options(true);
  for (const auto& endpoint : endpoints()) {
    for (auto& option : credential_options(endpoint)) options.push_back(std::move(option));
  }
  return options;
}

}  // namespace

std::string option_docs_markdown() {
  std::string text = kIntroduction;
  text += "## Where the services are\n\nThe same for all jobs.\n\n" + table(service_options(false));
  text += "## The program itself\n\n" + table(program_options());
  for (const auto& job : all_jobs()) text += fmt::format("## {}\n\n{}\n\n{}", job.name, job.summary, table(job.options));
  std::vector<std::string> ignored;
  for (const auto& option : ignored_options()) ignored.push_back("`" + option.name + "`");
  text += fmt::format("## Accepted, without effect\n\nKeys of the Flink jobs' files that mean nothing here: {}.\n", fmt::join(ignored, ", "));
  return text;
}

std::string option_docs_text(const std::string& job) {
  const auto* description = find_job(job);
  if (description == nullptr) return "";
  const auto table = options_for(*description);
  std::string text;
  for (const auto& option : table.all()) {
    if (option.role == Role::ignored) continue;
    text += fmt::format("{} = {}{}\n    {}\n    values: {}\n", option.name, option.role == Role::secret ? "(secret)" : "\"" + option.default_value + "\"",
                        option.unit.empty() ? "" : " " + option.unit, doc_text(option), type_text(option));
  }
  return text;
}

}  // namespace lernd
