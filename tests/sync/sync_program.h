#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/temporary_folder.h"
#include "support/process.h"

namespace lernd::sync {

/// `lernd sync` in a folder of its own, with small waits.
class SyncProgram {
 public:
  /// The command with these parameters over those that make it quick.
  Command command(std::map<std::string, std::string> parameters) const;
  Finished run(std::map<std::string, std::string> parameters) const;

  /// Writes an id file of `count` ids: id-0, id-1, …
  void write_ids(int count) const;
  /// The files whose names begin like this.
  std::vector<std::string> files(const std::string& start) const;
  /// The bytes of the newest file whose name begins like this; empty when there is none.
  std::string newest(const std::string& start) const;
  nlohmann::json report() const;
  std::string file(const std::string& name) const { return folder_.file(name); }

 private:
  TemporaryFolder folder_;
};

}  // namespace lernd::sync
