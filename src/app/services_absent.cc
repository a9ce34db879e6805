#include "app/services.h"

namespace lernd {
namespace {

/// Stands in where the program was built without the adapters for services.
class AbsentServices final : public Services {
 public:
  Result<Ports> open_worker(int) override { return absent(); }
  Result<Ports> open() override { return absent(); }
  Result<std::unique_ptr<TableStore>> open_tables() override { return absent(); }
  Result<std::unique_ptr<Cache>> open_cache() override { return absent(); }
  Result<std::unique_ptr<HttpClient>> open_http() override { return absent(); }
  Result<std::unique_ptr<SearchIndex>> open_search() override { return absent(); }
  Result<std::unique_ptr<TopicAdmin>> open_topics() override { return absent(); }
  Result<std::unique_ptr<TableScan>> open_scan() override { return absent(); }
  bool embedded() const override { return false; }

 private:
  static std::unexpected<Error> absent() {
    return fail(Treatment::fatal, ErrorCode::invalid_option, "this program was built without services (LERND_SERVICES=OFF); set lernd.embedded.file");
  }
};

}  // namespace

std::unique_ptr<Services> make_real_services(const JobDescription&, const OptionValues&, Log&) { return std::make_unique<AbsentServices>(); }

}  // namespace lernd
