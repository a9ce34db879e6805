#include <fmt/format.h>

#include <memory>
#include <vector>

#include "app/services.h"
#include "cli/command.h"
#include "cli/job_options.h"

namespace lernd {
namespace {

struct SchemaArguments {
  JobArguments jobs;
  bool all = false;
  bool apply = false;
};

/// The tables to print or make: the journal's, and the job's own when `all` are wanted.
std::vector<TableSchema> tables_of(const JobSetup& setup, bool all) {
  auto tables = journal_tables(journal_table(*setup.job, setup.values));
  if (!all) return tables;
  for (const TableUse& use : setup.job->tables(setup.values)) tables.push_back(use.shape);
  return tables;
}

void print(const JobSetup& setup, bool all) {
  fmt::print("-- {}: the journal of the runtime{}\n", setup.job->name, all ? ", then the tables of the job as they are deployed" : "");
  for (const TableSchema& table : tables_of(setup, all)) fmt::print("{};\n\n", ddl(table));
  fmt::print("-- topic for dead letters: {}\n", dead_letter_topic(*setup.job, setup.values));
}

/// Makes what is missing, and says what it made.
Result<void> apply(const JobSetup& setup, bool all) {
  const auto log = log_of(setup);
  const auto services = make_services(*setup.job, setup.values, *log);
  auto tables = services->open_tables();
  if (!tables) return std::unexpected(tables.error());
  for (const TableSchema& table : tables_of(setup, all)) {
    auto there = (*tables)->describe(table.name);
    if (!there) return std::unexpected(there.error());
    if (*there) {
      fmt::print("table {} is there\n", table.name.text());
      continue;
    }
    if (auto created = (*tables)->create(table); !created) return created;
    fmt::print("table {} made\n", table.name.text());
  }
  if (auto flushed = (*tables)->flush(); !flushed) return flushed;

  std::vector<std::string> names{dead_letter_topic(*setup.job, setup.values)};
  if (all) {
    names.push_back(setup.values.text(setup.job->input_topic_option));
    for (const std::string& option : setup.job->output_topic_options) names.push_back(setup.values.text(option));
  }
  auto topics = services->open_topics();
  if (!topics) return std::unexpected(topics.error());
  auto there = (*topics)->describe(names);
  if (!there) return std::unexpected(there.error());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((*there)[i].partitions > 0) {
      fmt::print("topic {} is there\n", names[i]);
      continue;
    }
    if (auto created = (*topics)->create(names[i], 1); !created) return created;
    fmt::print("topic {} made, with one partition\n", names[i]);
  }
  return {};
}

Exit schema(const SchemaArguments& arguments) {
  const auto setups = usable_jobs("schema", arguments.jobs);
  if (!setups) return Exit::usage;
  for (const JobSetup& setup : *setups) {
    if (!arguments.apply) {
      print(setup, arguments.all);
    } else if (auto applied = apply(setup, arguments.all); !applied) {
      fmt::print(stderr, "lernd schema: {}\n", applied.error().text);
      return applied.error().treatment == Treatment::fatal ? Exit::usage : Exit::failed;
    }
  }
  return Exit::done;
}

}  // namespace

void add_schema(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<SchemaArguments>();
  auto* command = program.add_subcommand("schema", "Print the tables and topics that lernd needs besides those of the platform, or make them");
  command->group("Check");
  add_job_options(*command, arguments->jobs, JobCount::some);
  command->add_flag("--all", arguments->all, "The tables and topics of the job as well, for an installation that has none");
  command->add_flag("--apply", arguments->apply, "Make what is missing; nothing that is there is changed");
  command->callback([arguments, &chosen] { chosen = [arguments] { return schema(*arguments); }; });
}

}  // namespace lernd
