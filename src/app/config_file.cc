#include "app/config_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <hocon/config.hpp>
#include <hocon/config_exception.hpp>
#include <hocon/config_list.hpp>
#include <hocon/config_object.hpp>
#include <iterator>
#include <vector>

#include "app/hocon_scan.h"

namespace lernd {
namespace {

namespace fs = std::filesystem;

constexpr int kIncludeDepthMax = 16;

/// A text with its includes put in place, and for each of its lines where that stood.
struct SourceText {
  std::string text;
  std::vector<std::string> places;

  std::string place(int line) const {
    const auto index = static_cast<std::size_t>(std::max(line, 1) - 1);
    return places.empty() ? std::string() : places[std::min(index, places.size() - 1)];
  }
};

std::unexpected<Error> bad_file(std::string text) { return fail(Treatment::fatal, ErrorCode::invalid_option, std::move(text)); }

Result<std::string> read_text(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error))
    return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("{} is a folder, not a configuration file", path.string()));
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("there is no readable configuration file {}", path.string()));
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

/// An included JSON text brings brackets of its own, which have no place where it is put.
void drop_root_brackets(std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  if (first == std::string::npos || text[first] != '{' || text[last] != '}') return;
  text[first] = ' ';
  text[last] = ' ';
}

void append_lines(SourceText& out, std::string_view piece, const std::string& name, int& line) {
  for (const char c : piece) {
    if (out.text.empty() || out.text.back() == '\n') out.places.push_back(fmt::format("{}:{}", name, line));
    out.text += c;
    if (c == '\n') ++line;
  }
}

fs::path included_path(const fs::path& folder, const std::string& name) {
  const fs::path path = folder / name;
  for (const auto* ending : {"", ".conf", ".json"}) {
    fs::path candidate = path.string() + ending;
    if (fs::is_regular_file(candidate)) return candidate;
  }
  return path;
}

std::string remedy_for(const std::string& fault) {
  if (fault.contains("placeholder")) return "; write its value in its place";
  return "";
}

Result<void> expand(const std::string& text, const std::string& name, const fs::path& folder, int depth, SourceText& out) {
  if (depth > kIncludeDepthMax) return bad_file(fmt::format("{}: files include each other more than {} deep", name, kIncludeDepthMax));
  const HoconScan scan = scan_hocon(text);
  if (scan.fault) return bad_file(fmt::format("{}:{}: {}{}", name, scan.fault->line, scan.fault->text, remedy_for(scan.fault->text)));
  std::size_t at = 0;
  int line = 1;
  for (const auto& include : scan.includes) {
    append_lines(out, std::string_view(text).substr(at, include.begin - at), name, line);
    const fs::path path = included_path(folder, include.file);
    auto inner = read_text(path);
    if (!inner) {
      return fail(Treatment::fatal, ErrorCode::not_found,
                  fmt::format("{}:{}: include \"{}\": {}; put the file there or correct the include", name, include.line, include.file, inner.error().text));
    }
    drop_root_brackets(*inner);
    if (!out.text.empty() && out.text.back() != '\n') out.text += '\n';
    if (auto done = expand(*inner, path.string(), path.parent_path(), depth + 1, out); !done) return done;
    if (!out.text.empty() && out.text.back() != '\n') out.text += '\n';
    at = include.end;
  }
  append_lines(out, std::string_view(text).substr(at), name, line);
  return {};
}

std::string text_of(const hocon::shared_value& value) {
  if (const auto list = std::dynamic_pointer_cast<const hocon::config_list>(value)) {
    std::string joined;
    for (const auto& item : *list) joined += (joined.empty() ? "" : ",") + text_of(item);
    return joined;
  }
  return value->transform_to_string();
}

void flatten(const hocon::shared_object& object, const std::string& prefix, std::map<std::string, std::string>& out) {
  for (const auto& name : object->key_set()) {
    const auto value = object->get(name);
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    if (const auto inner = std::dynamic_pointer_cast<const hocon::config_object>(value)) {
      flatten(inner, path, out);
    } else if (value->value_type() != hocon::config_value::type::CONFIG_NULL) {
      out.insert_or_assign(path, text_of(value));
    }
  }
}

/// The library's message without its own, lineless idea of where it was.
std::string message_of(const std::exception& error) {
  std::string_view text = error.what();
  while (text.starts_with(":") || text.starts_with(" ")) text.remove_prefix(1);
  for (std::string_view known : {"String: ", "string: "}) {
    if (text.starts_with(known)) text.remove_prefix(known.size());
  }
  return std::string(text.substr(0, text.find(" (if you intended")));
}

bool parses(const std::string& text) {
  try {
    hocon::config::parse_string(text);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

/// The line on which the text stops being readable: the one after the longest run of whole lines that, with its brackets closed, is.
int line_of_fault(const std::string& text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) ends.push_back(at + 1);
  for (std::size_t i = ends.size(); i > 0; --i) {
    std::string start = text.substr(0, ends[i - 1]);
    // Bracket balance of the text as a whole is checked before; here the open ones of the start are closed one by one.
    for (int closed = 0; closed < 8; ++closed, start += "}") {
      if (!scan_hocon(start).fault && parses(start)) return static_cast<int>(i) + 1;
    }
  }
  return 1;
}

int line_of(const std::string& text, std::string_view part) {
  const auto at = text.find(part);
  return at == std::string::npos ? 1 : 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

Result<std::map<std::string, std::string>> parse(const SourceText& source) {
  try {
    std::map<std::string, std::string> values;
    flatten(hocon::config::parse_string(source.text)->resolve()->root(), "", values);
    return values;
  } catch (const hocon::unresolved_substitution_exception& error) {
    const std::string message = message_of(error);
    const auto at = message.find("${");
    const std::string reference = at == std::string::npos ? "${" : message.substr(at, message.find('}', at) - at + 1);
    return bad_file(
        fmt::format("{}: nothing is set for {}; set it, or write ${{?…}} where it may be absent", source.place(line_of(source.text, reference)), reference));
  } catch (const std::exception& error) {
    return bad_file(fmt::format("{}: {}", source.place(line_of_fault(source.text)), message_of(error)));
  }
}

Result<ConfigFile> read_source(const std::string& text, const std::string& name, const fs::path& folder) {
  SourceText source;
  if (auto done = expand(text, name, folder, 1, source); !done) return std::unexpected(done.error());
  auto values = parse(source);
  if (!values) return std::unexpected(values.error());
  ConfigFile file{name, {}};
  for (auto& [key, value] : *values) file.values[key] = {std::move(value), name};
  for (const auto& key : scan_hocon(source.text).keys) {
    // The last one wins, as in the file.
    if (auto found = file.values.find(key.path); found != file.values.end()) found->second.where = source.place(key.line);
  }
  return file;
}

}  // namespace

Result<ConfigFile> read_config_file(const std::string& path) {
  auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  return read_source(*text, path, fs::path(path).parent_path());
}

Result<ConfigFile> read_config_text(std::string_view text, const std::string& name) { return read_source(std::string(text), name, {}); }

}  // namespace lernd
