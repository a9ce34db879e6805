#include "jobs/course_progress/tables.h"

#include <utility>

namespace lernd::course_progress {

TableSchema consumption_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"userid", "text"},
                      {"courseid", "text"},
                      {"batchid", "text"},
                      {"contentid", "text"},
                      {"status", "int"},
                      {"viewcount", "int"},
                      {"completedcount", "int"},
                      {"progress", "int"},
                      {"completionpercentage", "float"},
                      {"progressdetails", "text"},
                      {"datetime", "timestamp"},
                      {"lastaccesstime", "text"},
                      {"lastcompletedtime", "text"},
                      {"lastupdatedtime", "text"},
                      {"last_access_time", "timestamp"},
                      {"last_completed_time", "timestamp"},
                      {"last_updated_time", "timestamp"}},
          .key = {"userid", "courseid", "batchid", "contentid"},
          .partition_columns = 1};
}

TableSchema aggregates_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"activity_type", "text"},
                      {"activity_id", "text"},
                      {"user_id", "text"},
                      {"context_id", "text"},
                      {"aggregates", "map<text, double>"},
                      {"agg_last_updated", "map<text, timestamp>"},
                      {"agg", "map<text, int>"},
                      {"agg_details", "list<text>"}},
          .key = {"activity_type", "activity_id", "user_id", "context_id"},
          .partition_columns = 3};
}

TableSchema enrolments_shape(TableName name) {
  return {.name = std::move(name),
          .columns = {{"userid", "text"},
                      {"courseid", "text"},
                      {"batchid", "text"},
                      {"status", "int"},
                      {"progress", "int"},
                      {"contentstatus", "map<text, int>"},
                      {"completedon", "timestamp"},
                      {"datetime", "timestamp"},
                      {"active", "boolean"},
                      {"addedby", "text"},
                      {"certstatus", "int"},
                      {"completionpercentage", "int"},
                      {"certificates", "list<frozen<map<text, text>>>"},
                      {"issued_certificates", "list<frozen<map<text, text>>>"},
                      {"enrolleddate", "text"},
                      {"enrolled_date", "timestamp"},
                      {"lastcontentaccesstime", "timestamp"},
                      {"lastreadcontentid", "text"},
                      {"lastreadcontentstatus", "int"}},
          .key = {"userid", "courseid", "batchid"},
          .partition_columns = 1};
}

std::vector<TableUse> table_uses(const ProgressTables& tables) {
  return {
      {consumption_shape(tables.consumption),
       {"userid", "courseid", "batchid", "contentid", "status", "viewcount", "completedcount"},
       "lms-cassandra.consumption.table"},
      {aggregates_shape(tables.aggregates),
       {"activity_type", "activity_id", "user_id", "context_id", "aggregates", "agg_last_updated"},
       "lms-cassandra.user_activity_agg.table"},
      {enrolments_shape(tables.enrolments),
       {"userid", "courseid", "batchid", "status", "progress", "contentstatus", "completedon", "datetime"},
       "lms-cassandra.user_enrolments.table"},
  };
}

}  // namespace lernd::course_progress
