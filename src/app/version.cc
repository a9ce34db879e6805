#include "app/version.h"

namespace lernd {

const char* const kVersion = LERND_VERSION;

}  // namespace lernd
