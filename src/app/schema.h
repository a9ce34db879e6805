#pragma once

#include <string>
#include <vector>

#include "app/job_setup.h"
#include "app/services.h"

namespace lernd {

/// What a job needs to find in its store and its log. `ours` is what only this program uses; the rest belongs to the platform.
struct SchemaNeeds {
  struct Table {
    TableSchema shape;
    bool ours = false;
  };
  struct Topic {
    std::string name;
    std::string option;
    bool ours = false;
  };
  std::vector<Table> tables;
  std::vector<Topic> topics;
  std::vector<std::string> indices;  ///< of the platform
};

/// Ours first.
SchemaNeeds schema_needs(const JobSetup& setup);

/// The CQL that makes the tables, and topics and search indices as comments. What is not ours stands in comments too, unless `all`.
std::string schema_text(const JobSetup& setup, bool all);

/// Creates what is missing: ours, with `all` the rest too. Topics get one partition. A search index is made
/// on the embedded file only: the platform makes its own with mappings of its own. Returns a line for each thing that was looked at.
Result<std::vector<std::string>> apply_schema(const JobSetup& setup, Services& services, bool all);

}  // namespace lernd
