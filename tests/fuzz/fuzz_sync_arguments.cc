#include <string>
#include <string_view>
#include <vector>

#include "fuzz/require.h"
#include "sync/arguments.h"
#include "sync/options.h"
#include "sync/parameters.h"
#include "sync/secrets.h"

/// Words and configuration files of any kind: only known parameters come out, options without a fault are within their bounds, and no message quotes a secret.
namespace lernd::sync {
namespace {

void check_options(const Settings& settings) {
  for (const auto& [name, value] : settings) require(find_parameter(name) != nullptr);
  const auto out = resolve(std::span(&settings, 1), [](const std::string&) -> Result<SecretFile> { return SecretFile{.text = "s\n"}; });
  if (!out.faults.empty()) return;
  require(out.options.block_size > 0 && out.options.pause.count() > 0 && out.options.concurrency >= 1 && out.options.concurrency <= 64);
  require(out.options.keyspace.find('"') == std::string::npos && out.options.table.find(' ') == std::string::npos);
  const Secrets secrets(out.options);
  if (out.options.api_key.size() > 3) require(!secrets.masked("x" + out.options.api_key).contains(out.options.api_key));
}

void check(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    words.push_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  check_options(read_arguments(words).settings);
  std::vector<std::string> faults;
  check_options(read_config_lines(text, "f", faults));
  std::vector<std::string> own(words.begin(), words.end());
  std::vector<char*> writable;
  for (auto& word : own) writable.push_back(word.data());
  overwrite_secrets(writable);
  for (std::size_t i = 0; i < own.size(); ++i) require(own[i].size() == words[i].size());
}

}  // namespace
}  // namespace lernd::sync

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::sync::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
