#include "app/service_checks.h"

#include <gtest/gtest.h>

#include "app/line_log.h"
#include "app/schema.h"
#include "jobs/registry.h"
#include "unit/app/index_job.h"

namespace lernd {
namespace {

TableUse learners() {
  return {{.name = {"k", "learners"}, .columns = {{"id", "text"}, {"status", "int"}, {"marks", "map<text, double>"}, {"note", "text"}}, .key = {"id"}},
          {"id", "status", "marks"},
          "lms.learners.table"};
}

std::string text(const Faults& faults) {
  std::string all;
  for (const auto& fault : faults) all += fault.text() + "\n";
  return all;
}

TEST(ServiceChecksTest, ATableThatFitsHasNoFaults) {
  auto table = learners().shape;
  EXPECT_TRUE(check_table(learners(), &table, "").empty());
  table.columns = {{"id", "varchar"}, {"status", "int"}, {"marks", "frozen<map<text,double>>"}};  // the column nobody needs is missing
  EXPECT_TRUE(check_table(learners(), &table, "").empty()) << text(check_table(learners(), &table, ""));
}

TEST(ServiceChecksTest, AMissingTableNamesItsRemedy) {
  EXPECT_EQ(text(check_table(learners(), nullptr, "make it")),
            "the table k.learners (lms.learners.table) is not there; correct lms.learners.table, or create the table: make it\n");
}

TEST(ServiceChecksTest, MissingAndWrongColumnsAreAllNamed) {
  auto table = learners().shape;
  table.columns = {{"id", "text"}, {"marks", "map<text, int>"}};
  const auto said = text(check_table(learners(), &table, ""));
  EXPECT_NE(said.find("has no column status (int); ALTER TABLE k.learners ADD status int"), std::string::npos) << said;
  EXPECT_NE(said.find("the column marks of the table k.learners (lms.learners.table) is map<text, int>, not map<text, double>"), std::string::npos) << said;
}

TEST(ServiceChecksTest, AKeyTheJobDoesNotKnowIsAFault) {
  auto table = learners().shape;
  table.columns.push_back({"school", "text"});
  table.key = {"school", "id"};
  EXPECT_NE(text(check_table(learners(), &table, "")).find("the column school, which the job does not know"), std::string::npos);
  // The same columns in another order are found by the same statements.
  TableUse use = learners();
  use.shape.key = {"id", "status"};
  table = use.shape;
  table.key = {"status", "id"};
  EXPECT_TRUE(check_table(use, &table, "").empty());
}

TEST(ServiceChecksTest, TypesCompareInAnySpelling) {
  EXPECT_TRUE(same_type("map<text, double>", "map<varchar,double>"));
  EXPECT_TRUE(same_type("list<frozen<map<text, text>>>", "list<map<text,text>>"));
  EXPECT_FALSE(same_type("map<text, double>", "map<text, int>"));
  EXPECT_FALSE(same_type("list<text>", "set<text>"));
}

class EmbeddedChecksTest : public testing::Test {
 protected:
  EmbeddedChecksTest() {
    auto setups = set_up_jobs({.jobs = {"enrolment-reconciliation"}, .embedded = "memory"});
    setup_ = std::make_unique<JobSetup>(std::move(setups.jobs.front()));
    services_ = make_embedded_services(EmbeddedDatabase::open(":memory:").value(), *setup_->job, setup_->values);
  }

  std::unique_ptr<JobSetup> setup_;
  std::unique_ptr<Services> services_;
};

TEST_F(EmbeddedChecksTest, EverythingThatIsMissingIsReportedAtOnce) {
  const auto findings = check_services(*setup_, *services_, true);
  EXPECT_TRUE(findings.away.empty());
  const auto said = text(findings.faults);
  for (const auto* name : {"user_content_consumption", "user_activity_agg", "user_enrolments", "lernd_journal", "lernd_journal_piece", "(kafka.input.topic)",
                           "(kafka.output.failed.topic)", "(kafka.output.audit.topic)", "(kafka.output.certissue.topic)", "(lernd.dead_letter_topic)"}) {
    EXPECT_NE(said.find(name), std::string::npos) << name << "\n" << said;
  }
  EXPECT_EQ(findings.faults.size(), 10u) << said;
  for (const auto& fault : findings.faults) EXPECT_NE(fault.remedy.find("lernd schema"), std::string::npos) << fault.text();
}

TEST_F(EmbeddedChecksTest, TheSchemaThatIsAppliedIsTheOneThatIsNeeded) {
  const auto lines = apply_schema(*setup_, *services_, true);
  ASSERT_TRUE(lines) << lines.error().text;
  EXPECT_EQ(lines->size(), 10u);
  const auto findings = check_services(*setup_, *services_, true);
  EXPECT_TRUE(findings.faults.empty()) << text(findings.faults);
  const auto again = apply_schema(*setup_, *services_, true);
  ASSERT_TRUE(again);
  for (const auto& line : *again) EXPECT_EQ(line.substr(0, 5), "there") << line;
}

TEST_F(EmbeddedChecksTest, WithoutAllOnlyOursIsMade) {
  const auto lines = apply_schema(*setup_, *services_, false);
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->size(), 3u);
  EXPECT_EQ(check_services(*setup_, *services_, true).faults.size(), 7u);
}

TEST_F(EmbeddedChecksTest, AServiceWithAFaultyOptionIsNotLookedAt) {
  setup_->faulty = {"lms-cassandra.port", "kafka.input.topic"};
  const auto said = text(check_services(*setup_, *services_, true).faults);
  EXPECT_EQ(said.find("the table"), std::string::npos) << said;
  EXPECT_EQ(said.find("kafka.input.topic"), std::string::npos) << said;
  EXPECT_NE(said.find("kafka.output.audit.topic"), std::string::npos) << said;
}

TEST_F(EmbeddedChecksTest, AtLeastOnceNeedsNoJournal) {
  setup_->values.set("lernd.delivery", "at-least-once");
  EXPECT_EQ(text(check_services(*setup_, *services_, true).faults).find("journal"), std::string::npos);
  EXPECT_EQ(schema_text(*setup_, false).find("journal"), std::string::npos);
}

TEST(SchemaNeeds, TablesOfAJobsOwnAreOurs) {
  const auto setups = set_up_jobs({.jobs = {"merge-user-courses"}, .sets = {"kafka.groupId=g"}, .embedded = "memory"});
  const auto needs = schema_needs(setups.jobs.front());
  std::vector<std::string> names;
  for (const auto& table : needs.tables) {
    if (table.ours) names.push_back(table.shape.name.table);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"lernd_journal", "lernd_journal_piece", "lernd_merged"}));
  ASSERT_EQ(needs.tables.size(), 6u);
  EXPECT_TRUE(needs.tables[2].ours) << "ours first";
}

TEST_F(EmbeddedChecksTest, SchemaTextHoldsOursPlainAndTheRestAsComment) {
  const auto ours = schema_text(*setup_, false);
  EXPECT_NE(ours.find("\nCREATE TABLE IF NOT EXISTS \"sunbird_courses\".\"lernd_journal_piece\""), std::string::npos) << ours;
  EXPECT_NE(ours.find("-- CREATE TABLE IF NOT EXISTS \"sunbird_courses\".\"user_enrolments\""), std::string::npos) << ours;
  const auto all = schema_text(*setup_, true);
  EXPECT_NE(all.find("\nCREATE TABLE IF NOT EXISTS \"sunbird_courses\".\"user_enrolments\""), std::string::npos) << all;
}

TEST(IndexChecksTest, AMissingIndexIsAFaultUntilTheSchemaIsApplied) {
  IndexJob job;
  const auto services = make_embedded_services(EmbeddedDatabase::open(":memory:").value(), job.job, job.setup.values);
  EXPECT_EQ(text(check_services(job.setup, *services, false).faults),
            "the search index course-batch is not there; `lernd schema relation-cache-updater --all --apply` creates it\n");
  EXPECT_TRUE(schema_text(job.setup, false).contains("-- search index course-batch (es.basePath), of the platform\n"));
  const auto ours = apply_schema(job.setup, *services, false);
  ASSERT_TRUE(ours);
  EXPECT_FALSE(check_services(job.setup, *services, false).faults.empty()) << "it is the platform's";
  const auto all = apply_schema(job.setup, *services, true);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->back(), "created  search index course-batch");
  EXPECT_EQ(text(check_services(job.setup, *services, false).faults), "");
  EXPECT_EQ(apply_schema(job.setup, *services, true)->back(), "there    search index course-batch");
}

TEST(IndexChecksTest, OnlyAJobWithIndicesHasTheirOptions) {
  const IndexJob job;
  EXPECT_NE(job.setup.table.find("lernd.es.password"), nullptr);
  EXPECT_EQ(job.setup.table.find("lernd.es.password")->role, Option::Role::secret);
  EXPECT_EQ(job.setup.table.find("lernd.es.api_key")->role, Option::Role::secret);
  EXPECT_EQ(job.setup.table.find("es.basePath")->role, Option::Role::host);
  const auto other = options_for(*find_job("relation-cache-updater"));
  EXPECT_EQ(other.find("lernd.es.password"), nullptr);
  EXPECT_EQ(other.find("es.basePath")->role, Option::Role::ignored);
}

}  // namespace
}  // namespace lernd
