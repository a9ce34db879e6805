#include "jobs/enrolment_reconciliation/options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "unit/jobs/enrolment_reconciliation/reconcile.h"

namespace lernd::enrolment_reconciliation {
namespace {

/// The rows of the specification's section 9 that are the job's own: key, [alias], default, type.
constexpr const char* kSpecified = R"(
| `kafka.input.topic` | `{env}.batch.enrolment.sync.request` | topic |
| `kafka.output.failed.topic` | `{env}.enrolment.reconciliation.failed` | topic |
| `kafka.output.audit.topic` [`kafka.audit.topic`] | `{env}.telemetry.raw` | topic |
| `kafka.output.certissue.topic` [`kafka.certissue.topic`] | `{env}.issue.certificate.request` | topic |
| `kafka.groupId` | `{env}-enrolment-reconciliation-group` | group |
| `lms-cassandra.keyspace` | `sunbird_courses` | text |
| `lms-cassandra.consumption.table` [`lms-cassandra.content_consumption.table`] | `user_content_consumption` | text |
| `lms-cassandra.user_activity_agg.table` | `user_activity_agg` | text |
| `lms-cassandra.user_enrolments.table` | `user_enrolments` | text |
| `redis.database.relationCache.id` | `10` | integer |
| `threshold.batch.write.size` | `10` | integer |
| `activity.module.aggs.enabled` | `true` | boolean |
| `activity.filter.processed.enrolments` | `true` | boolean |
| `activity.optionalnodes.enabled` | `true` | boolean |
| `activity.collection.status.cache.expiry` | `3600` | seconds |
| `service.search.basePath` | `http://11.2.6.6/search` | url |
| `task.enrolment.reconciliation.parallelism` | `` | ignored |
| `task.enrolment.complete.parallelism` | `` | ignored |
)";

struct Specified {
  std::string name;
  std::vector<std::string> aliases;
  std::string default_value;
  std::string type;
};

/// What stands between backquotes in a text.
std::vector<std::string> backquoted(const std::string& text) {
  std::vector<std::string> found;
  for (auto at = text.find('`'); at != std::string::npos; at = text.find('`', at)) {
    const auto end = text.find('`', at + 1);
    found.push_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return found;
}

std::vector<Specified> specified() {
  std::vector<Specified> rows;
  std::istringstream lines(kSpecified);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) cells.push_back(cell);
    auto names = backquoted(cells[0]);
    Specified row{.name = names[0], .aliases = {names.begin() + 1, names.end()}, .default_value = backquoted(cells[1])[0], .type = cells[2]};
    std::erase(row.type, ' ');
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string type_of(const Option& option) {
  if (option.role == Option::Role::topic) return "topic";
  if (option.role == Option::Role::group) return "group";
  if (option.role == Option::Role::url) return "url";
  if (option.role == Option::Role::ignored) return "ignored";
  if (option.type == OptionType::boolean) return "boolean";
  if (option.type == OptionType::integer) return option.unit == "s" ? "seconds" : "integer";
  return "text";
}

OptionValues values(const std::map<std::string, std::string>& changed = {}) {
  OptionValues values = default_values(option_table());
  for (const auto& [name, value] : changed) values.set(name, value);
  return values;
}

TEST(OptionTable, IsTheOneOfTheSpecification) {
  const auto rows = specified();
  ASSERT_EQ(rows.size(), 18u);
  const auto table = option_table();
  for (const Specified& row : rows) {
    const auto option = std::ranges::find(table, row.name, &Option::name);
    ASSERT_NE(option, table.end()) << row.name;
    EXPECT_EQ(option->default_value, row.default_value) << row.name;
    EXPECT_EQ(option->aliases, row.aliases) << row.name;
    EXPECT_EQ(type_of(*option), row.type) << row.name;
    EXPECT_FALSE(option->doc.empty()) << row.name;
  }
  for (const Option& option : table) EXPECT_NE(std::ranges::find(rows, option.name, &Specified::name), rows.end()) << option.name << " is not specified";
}

TEST(OptionTable, BoundsWhatHasBounds) {
  const std::map<std::string, double> least = {
      {"threshold.batch.write.size", 1}, {"redis.database.relationCache.id", 0}, {"activity.collection.status.cache.expiry", 0}};
  for (const Option& option : option_table()) {
    const auto bound = least.find(option.name);
    EXPECT_EQ(option.min, bound == least.end() ? std::nullopt : std::optional(bound->second)) << option.name;
  }
}

TEST(Options, Defaults) {
  const Options options = options_from(values());
  EXPECT_EQ(options.tables.consumption, (TableName{"sunbird_courses", "user_content_consumption"}));
  EXPECT_EQ(options.tables.aggregates, (TableName{"sunbird_courses", "user_activity_agg"}));
  EXPECT_EQ(options.tables.enrolments, (TableName{"sunbird_courses", "user_enrolments"}));
  EXPECT_EQ(options.relation_cache.cache, (CacheId{"redis", 10}));
  EXPECT_TRUE(options.relation_cache.optional_nodes);
  EXPECT_TRUE(options.unit_aggregates);
  EXPECT_TRUE(options.skip_processed);
  EXPECT_EQ(options.write_group_rows, 10u);
  EXPECT_EQ(options.search_url, "http://11.2.6.6/search/v3/search");
  EXPECT_EQ(options.status_remembered, std::chrono::seconds(3600));
}

TEST(Options, EveryOneHasItsEffect) {
  const Options options = options_from(values({{"kafka.output.failed.topic", "f"},
                                               {"kafka.output.audit.topic", "a"},
                                               {"kafka.output.certissue.topic", "c"},
                                               {"lms-cassandra.keyspace", "k"},
                                               {"lms-cassandra.consumption.table", "t1"},
                                               {"lms-cassandra.user_activity_agg.table", "t2"},
                                               {"lms-cassandra.user_enrolments.table", "t3"},
                                               {"redis.database.relationCache.id", "4"},
                                               {"threshold.batch.write.size", "3"},
                                               {"activity.module.aggs.enabled", "false"},
                                               {"activity.filter.processed.enrolments", "false"},
                                               {"activity.optionalnodes.enabled", "false"},
                                               {"activity.collection.status.cache.expiry", "0"},
                                               {"service.search.basePath", "https://search"}}));
  EXPECT_EQ(options.failed_topic, "f");
  EXPECT_EQ(options.audit_topic, "a");
  EXPECT_EQ(options.certificate_topic, "c");
  EXPECT_EQ(options.tables.consumption, (TableName{"k", "t1"}));
  EXPECT_EQ(options.tables.aggregates, (TableName{"k", "t2"}));
  EXPECT_EQ(options.tables.enrolments, (TableName{"k", "t3"}));
  EXPECT_EQ(options.relation_cache.cache, (CacheId{"redis", 4}));
  EXPECT_EQ(options.write_group_rows, 3u);
  EXPECT_FALSE(options.unit_aggregates);
  EXPECT_FALSE(options.skip_processed);
  EXPECT_FALSE(options.relation_cache.optional_nodes);
  EXPECT_EQ(options.status_remembered, std::chrono::seconds(0));
  EXPECT_EQ(options.search_url, "https://search/v3/search");
}

TEST(Options, SpellingsOfTheSearchService) {
  for (const auto& [base, url] : std::map<std::string, std::string>{{"11.2.6.6/search", "http://11.2.6.6/search/v3/search"},
                                                                    {"search:9000", "http://search:9000/v3/search"},
                                                                    {"http://search/", "http://search/v3/search"},
                                                                    {"https://search/a//", "https://search/a/v3/search"}}) {
    EXPECT_EQ(options_from(values({{"service.search.basePath", base}})).search_url, url);
  }
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
