#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/embedded/http_stub.h"
#include "app/config_file.h"
#include "app/option_table.h"
#include "app/services.h"

namespace lernd {

/// What one case runs on. Made for the case and thrown away after it.
class VectorWorld {
 public:
  virtual ~VectorWorld() = default;

  /// The configuration that says where the services are; null for none. Options of the job itself are not taken from it.
  virtual const ConfigFile* config() const { return nullptr; }
  /// Scheme, host and port of the server that plays the stubs; stands for `${http}`.
  virtual std::string http_base() const = 0;
  /// Values that keep the case away from everything else on the same services.
  virtual std::map<std::string, std::string> isolation(const JobDescription& job, const OptionTable& table, const OptionValues& values) = 0;
  /// Services for the job. Refuses when something is in the way.
  virtual Result<std::unique_ptr<Services>> open(const JobDescription& job, const OptionValues& values, Log& log) = 0;
  virtual Result<void> stub(std::span<const HttpStub> stubs) = 0;
  virtual Result<std::vector<HttpCall>> calls() = 0;
  /// Takes away what the case made.
  virtual Result<void> clean_up() = 0;
};

/// A world on an embedded database: a file, which is removed in the end, or `:memory:`.
std::unique_ptr<VectorWorld> make_embedded_world(const std::string& path);

/// A world on the services that `config` names (null: on their default addresses), with keyspaces, topics and a group of its own, which are removed in the end.
/// A Redis database that the job uses must be empty; a search index, which has a fixed name, must not be there. `config` outlives the world.
Result<std::unique_ptr<VectorWorld>> make_services_world(const ConfigFile* config);

}  // namespace lernd
