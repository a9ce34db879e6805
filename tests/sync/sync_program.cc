#include "sync/sync_program.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace lernd::sync {

Command SyncProgram::command(std::map<std::string, std::string> parameters) const {
  std::map<std::string, std::string> all{{"sunbird_sync_block_size", "10"},  {"sunbird_sync_sleep_time", "1"},    {"sunbird_sync_retry_base_ms", "1"},
                                         {"sunbird_sync_retry_cap_ms", "4"}, {"sunbird_sync_id_file", "ids.csv"}, {"sunbird_sync_progress", "none"}};
  for (auto& [name, value] : parameters) all[name] = value;
  Command command{.words = {LERND_BINARY, "sync"}, .directory = folder_.path()};
  for (const auto& [name, value] : all) {
    command.words.emplace_back("--context_param");
    command.words.push_back(name + "=" + value);
  }
  return command;
}

Finished SyncProgram::run(std::map<std::string, std::string> parameters) const { return lernd::run(command(std::move(parameters))); }

void SyncProgram::write_ids(int count) const {
  std::ofstream out(folder_.file("ids.csv"), std::ios::binary);
  for (int i = 0; i < count; ++i) out << "id-" << i << "\n";
}

std::vector<std::string> SyncProgram::files(const std::string& start) const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (entry.path().filename().string().starts_with(start)) names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

std::string SyncProgram::newest(const std::string& start) const {
  const auto names = files(start);
  if (names.empty()) return {};
  std::ifstream in(folder_.file(names.back()), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

nlohmann::json SyncProgram::report() const { return nlohmann::json::parse(newest("SyncReport_"), nullptr, false); }

}  // namespace lernd::sync
