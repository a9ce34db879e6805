#include <filesystem>

#include "app/vectors/world.h"

namespace lernd {
namespace {

class EmbeddedWorld final : public VectorWorld {
 public:
  explicit EmbeddedWorld(std::string path) : path_(std::move(path)) {}

  std::string http_base() const override { return "http://stub"; }
  std::map<std::string, std::string> isolation(const JobDescription&, const OptionTable&, const OptionValues&) override { return {}; }

  Result<std::unique_ptr<Services>> open(const JobDescription& job, const OptionValues& values, Log&) override {
    auto database = EmbeddedDatabase::open(path_);
    if (!database) return std::unexpected(database.error());
    database_ = *database;
    return path_ == ":memory:" ? make_embedded_services(database_, job, values) : make_embedded_services(path_, job, values);
  }

  Result<void> stub(std::span<const HttpStub> stubs) override { return put_http_stubs(*database_, stubs); }
  Result<std::vector<HttpCall>> calls() override { return http_calls(*database_); }

  Result<void> clean_up() override {
    database_.reset();
    if (path_ == ":memory:") return {};
    std::error_code ignored;
    for (const auto* part : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + part, ignored);
    return {};
  }

 private:
  std::string path_;
  std::shared_ptr<EmbeddedDatabase> database_;
};

}  // namespace

std::unique_ptr<VectorWorld> make_embedded_world(const std::string& path) { return std::make_unique<EmbeddedWorld>(path); }

}  // namespace lernd
