#include "jobs/course_progress/tables.h"

#include <gtest/gtest.h>

#include <string>

namespace lernd::course_progress {
namespace {

/// The shape in the words of the specification's section 3: columns in order, then the primary key.
std::string words(const TableSchema& schema) {
  std::string text;
  for (const Column& column : schema.columns) text += column.name + " " + column.type + ", ";
  text += "PRIMARY KEY (";
  if (schema.partition_columns > 1) text += "(";
  for (std::size_t i = 0; i < schema.key.size(); ++i) {
    if (i > 0) text += schema.partition_columns > 1 && i == schema.partition_columns ? "), " : ", ";
    text += schema.key[i];
  }
  return text + ")";
}

TEST(Tables, HaveTheDeployedShapes) {
  EXPECT_EQ(
      words(consumption_shape({"k", "t"})),
      "userid text, courseid text, batchid text, contentid text, status int, viewcount int, completedcount int, progress int, completionpercentage float, "
      "progressdetails text, datetime timestamp, lastaccesstime text, lastcompletedtime text, lastupdatedtime text, last_access_time timestamp, "
      "last_completed_time timestamp, last_updated_time timestamp, PRIMARY KEY (userid, courseid, batchid, contentid)");
  EXPECT_EQ(words(aggregates_shape({"k", "t"})),
            "activity_type text, activity_id text, user_id text, context_id text, aggregates map<text, double>, agg_last_updated map<text, timestamp>, "
            "agg map<text, int>, agg_details list<text>, PRIMARY KEY ((activity_type, activity_id, user_id), context_id)");
  EXPECT_EQ(words(enrolments_shape({"k", "t"})),
            "userid text, courseid text, batchid text, status int, progress int, contentstatus map<text, int>, completedon timestamp, datetime timestamp, "
            "active boolean, addedby text, certstatus int, completionpercentage int, certificates list<frozen<map<text, text>>>, "
            "issued_certificates list<frozen<map<text, text>>>, enrolleddate text, enrolled_date timestamp, lastcontentaccesstime timestamp, "
            "lastreadcontentid text, lastreadcontentstatus int, PRIMARY KEY (userid, courseid, batchid)");
}

TEST(Tables, HaveTheGivenNames) {
  const TableName name = {"other", "table"};
  for (const TableSchema& schema : {consumption_shape(name), aggregates_shape(name), enrolments_shape(name)}) EXPECT_EQ(schema.name, name);
}

}  // namespace
}  // namespace lernd::course_progress
