#include "sync/case_run.h"

#include <fnmatch.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "support/process.h"

namespace lernd::sync {
namespace {

constexpr std::chrono::seconds kLimit{60};

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string from_base64(const std::string& text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) bytes.push_back(static_cast<char>(bits >> (count -= 8) & 0xff));
  }
  return bytes;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

std::string newest(const std::filesystem::path& folder, const std::string& glob) {
  std::optional<std::filesystem::directory_entry> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (::fnmatch(glob.c_str(), entry.path().filename().c_str(), 0) != 0) continue;
    if (!found || found->last_write_time() < entry.last_write_time()) found = entry;
  }
  return found ? found->path().filename().string() : throw std::runtime_error("no file is like " + glob);
}

using Snapshot = std::map<std::string, std::pair<std::filesystem::file_time_type, std::string>>;

Snapshot snapshot(const std::filesystem::path& folder) {
  Snapshot files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[std::filesystem::relative(entry.path(), folder)] = {entry.last_write_time(), bytes_of(entry.path())};
  }
  return files;
}

int signal_named(const std::string& name) { return name == "INT" ? SIGINT : name == "TERM" ? SIGTERM : throw std::runtime_error("unknown signal " + name); }

void append(std::vector<std::string>& to, const std::string& place, const std::vector<std::string>& from) {
  for (const auto& text : from) to.push_back(place + text);
}

}  // namespace

nlohmann::json load_case(const std::string& name) { return nlohmann::json::parse(std::ifstream(std::string(LERND_SYNC_CASES) + "/" + name + ".json")); }

std::vector<std::string> case_names(bool with_tables) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(LERND_SYNC_CASES)) {
    if (entry.path().extension() != ".json") continue;
    const auto name = entry.path().stem().string();
    if (load_case(name).contains("tables") == with_tables) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> CaseRun::play() {
  std::vector<std::string> wrong;
  const auto runs = case_.value("runs", nlohmann::json::array({nlohmann::json::object()}));
  Outcome together;
  write_files(case_.value("files", nlohmann::json::object()));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    nlohmann::json run = case_;
    for (const auto& [name, value] : runs[i].items()) {
      if ((name == "config" || name == "env") && run.contains(name)) {
        run[name].update(value);
      } else {
        run[name] = value;
      }
    }
    write_files(runs[i].value("files", nlohmann::json::object()));
    const auto outcome = start(run);
    if (runs[i].contains("expect")) append(wrong, "run " + std::to_string(i + 1) + ": ", check(runs[i]["expect"], outcome));
    together.calls.insert(together.calls.end(), outcome.calls.begin(), outcome.calls.end());
    together.out += outcome.out;
    together.err += outcome.err;
    together.exit_code = outcome.exit_code;
    together.elapsed_ms += outcome.elapsed_ms;
    for (const auto& [name, bytes] : outcome.written) together.written[name] = bytes;
    together.all = outcome.all;
  }
  if (case_.contains("expect")) append(wrong, "", check(case_["expect"], together));
  return wrong;
}

Outcome CaseRun::start(const nlohmann::json& run) {
  if (run.contains("tables")) {
    if (tables_ == nullptr) throw std::runtime_error("this case needs the real Cassandra");
    tables_->fill(run["tables"]);
  }
  api_.play(run.value("http", nlohmann::json::array()));
  const auto before = snapshot(folder_.path());
  Command command{.words = words_of(run), .environment = run.value("env", std::map<std::string, std::string>()), .directory = folder_.path()};
  const auto began = std::chrono::steady_clock::now();
  Process process(command);
  if (run.contains("signal")) {
    const int number = signal_named(run["signal"]["name"]);
    const auto after = run["signal"]["after_calls"].get<std::size_t>();
    api_.on_call([&process, number, after](std::size_t call) {
      if (call == after) process.signal(number);
    });
  }
  const auto code = process.wait(kLimit);
  Outcome outcome;
  outcome.elapsed_ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
  api_.on_call({});
  if (!code) throw std::runtime_error("the program did not end: " + process.err());
  outcome.exit_code = *code;
  outcome.out = process.out();
  outcome.err = process.err();
  outcome.calls = api_.take_calls();
  for (const auto& [name, file] : snapshot(folder_.path())) {
    outcome.all[name] = file.second;
    const auto old = before.find(name);
    if (old == before.end() || old->second.first != file.first) outcome.written[name] = file.second;
  }
  return outcome;
}

std::vector<std::string> CaseRun::words_of(const nlohmann::json& run) const {
  std::vector<std::string> words{LERND_LAUNCHER};
  auto config = run.value("config", nlohmann::json::object());
  if (run.contains("tables")) {
    config["sunbird_cassandra_server"] = tables_->host();
    config["sunbird_cassandra_port"] = tables_->port();
  }
  for (const auto& [name, value] : config.items()) {
    auto text = value.get<std::string>();
    constexpr std::string_view kNewest = "$newest:";
    if (text.starts_with(kNewest)) text = newest(folder_.path(), text.substr(kNewest.size()));
    words.emplace_back("--context_param");
    words.push_back(name + "=" + replaced(text, "${http}", api_.url()));
  }
  for (const auto& word : run.value("args", nlohmann::json::array())) words.push_back(replaced(word, "${http}", api_.url()));
  return words;
}

void CaseRun::write_files(const nlohmann::json& files) const {
  for (const auto& [name, content] : files.items()) {
    std::ofstream(folder_.file(name), std::ios::binary) << (content.is_object() ? from_base64(content.at("base64")) : content.get<std::string>());
  }
}

}  // namespace lernd::sync
