#include "app/services.h"

namespace lernd {

std::unique_ptr<Services> make_services(const JobDescription& job, const OptionValues& values, Log& log) {
  const auto& file = values.text("lernd.embedded.file");
  return file.empty() ? make_real_services(job, values, log) : make_embedded_services(file, job, values);
}

}  // namespace lernd
