#include "app/vectors/world.h"

namespace lernd {

Result<std::unique_ptr<VectorWorld>> make_services_world(const ConfigFile*) {
  return fail(Treatment::fatal, ErrorCode::invalid_option, "this program was built without services (LERND_SERVICES=OFF); run the cases on memory or file");
}

}  // namespace lernd
