#include "app/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lernd {
namespace {

std::string commented(const std::string& text) {
  std::string lines = "-- ";
  for (const char c : text) {
    lines += c;
    if (c == '\n') lines += "-- ";
  }
  while (lines.ends_with("\n-- ")) lines.erase(lines.size() - 4);
  return lines;
}

Result<void> apply_indices(const std::vector<std::string>& indices, Services& services, std::vector<std::string>& lines) {
  auto search = services.open_search();
  if (!search) return std::unexpected(search.error());
  for (const auto& index : indices) {
    const auto there = (*search)->exists(index);
    if (!there) return std::unexpected(there.error());
    if (!*there && services.embedded()) {
      if (auto made = (*search)->create(index); !made) return made;
    }
    lines.push_back(fmt::format("{}  search index {}", *there ? "there  " : services.embedded() ? "created" : "missing", index));
  }
  return {};
}

}  // namespace

SchemaNeeds schema_needs(const JobSetup& setup) {
  const auto& job = *setup.job;
  SchemaNeeds needs;
  if (is_journalled(job, setup.values)) {
    for (auto& shape : journal_tables(journal_table(job, setup.values))) needs.tables.push_back({std::move(shape), true});
  }
  for (auto& use : job.tables(setup.values)) needs.tables.push_back({std::move(use.shape), use.ours});
  std::ranges::stable_partition(needs.tables, &SchemaNeeds::Table::ours);
  needs.topics.push_back({dead_letter_topic(job, setup.values), "lernd.dead_letter_topic", true});
  needs.topics.push_back({setup.values.text(job.input_topic_option), job.input_topic_option, false});
  for (const auto& option : job.output_topic_options) {
    if (const auto& topic = setup.values.text(option); !topic.empty()) needs.topics.push_back({topic, option, false});
  }
  needs.indices = job.indices;
  return needs;
}

std::string schema_text(const JobSetup& setup, bool all) {
  std::string text;
  const auto needs = schema_needs(setup);
  for (const auto& table : needs.tables) {
    std::string statement = ddl(table.shape);
    while (statement.ends_with('\n')) statement.pop_back();
    if (!statement.ends_with(';')) statement += ';';
    text += (table.ours || all ? statement : commented(statement)) + "\n\n";
  }
  for (const auto& topic : needs.topics) text += fmt::format("-- topic {} ({}){}\n", topic.name, topic.option, topic.ours ? "" : ", of the platform");
  for (const auto& index : needs.indices) text += fmt::format("-- search index {} (es.basePath), of the platform\n", index);
  return text;
}

Result<std::vector<std::string>> apply_schema(const JobSetup& setup, Services& services, bool all) {
  std::vector<std::string> lines;
  const auto needs = schema_needs(setup);
  auto store = services.open_tables();
  if (!store) return std::unexpected(store.error());
  for (const auto& table : needs.tables) {
    if (!table.ours && !all) continue;
    const auto found = (*store)->describe(table.shape.name);
    if (!found) return std::unexpected(found.error());
    if (!found->has_value()) {
      if (auto made = (*store)->create(table.shape); !made) return std::unexpected(made.error());
    }
    lines.push_back(fmt::format("{}  table {}", found->has_value() ? "there  " : "created", table.shape.name.text()));
  }
  if (auto flushed = (*store)->flush(); !flushed) return std::unexpected(flushed.error());

  auto admin = services.open_topics();
  if (!admin) return std::unexpected(admin.error());
  std::set<std::string> seen;
  for (const auto& topic : needs.topics) {
    if ((!topic.ours && !all) || !seen.insert(topic.name).second) continue;
    const auto described = (*admin)->describe({&topic.name, 1});
    if (!described) return std::unexpected(described.error());
    const bool there = described->front().partitions > 0;
    if (!there) {
      if (auto made = (*admin)->create(topic.name, 1); !made) return std::unexpected(made.error());
    }
    lines.push_back(fmt::format("{}  topic {}", there ? "there  " : "created", topic.name));
  }
  if (!needs.indices.empty() && all) {
    if (auto made = apply_indices(needs.indices, services, lines); !made) return std::unexpected(made.error());
  }
  return lines;
}

}  // namespace lernd
