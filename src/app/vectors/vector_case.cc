#include "app/vectors/vector_case.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace lernd {
namespace {

using nlohmann::json;

/// The first thing that is wrong with a case. It ends the reading, so that nothing after a check has to doubt what was checked.
struct Refused {
  std::string text;
};

/// Reads a case member by member. Throws Refused.
class CaseReader {
 public:
  VectorCase read(const json& root) {
    only_members(root, "the case", {"name", "job", "description", "config", "tables", "redis", "search", "http", "input", "expect", "expect_reference"});
    VectorCase found;
    found.name = text_at(root, "the case", "name");
    found.job = text_at(root, "the case", "job");
    if (root.contains("config")) {
      if (!root.at("config").is_object()) refuse("config is not an object");
      for (const auto& [key, value] : root.at("config").items()) found.config.emplace(key, option_text(value, "config " + key));
    }
    if (root.contains("tables")) found.tables = tables_of(root.at("tables"), "tables");
    if (root.contains("redis")) found.redis = redis_of(root.at("redis"), "redis");
    if (root.contains("search")) found.search = search_of(root.at("search"), "search");
    if (root.contains("http")) {
      if (!root.at("http").is_array()) refuse("http is not a list of stubs");
      for (const auto& stub : root.at("http")) found.http.push_back(stub_of(stub, fmt::format("http [{}]", found.http.size())));
    }
    if (!root.contains("input") || !root.at("input").is_array()) refuse("input is missing or not a list of messages");
    for (const auto& message : root.at("input")) found.input.push_back(message.is_string() ? message.get<std::string>() : message.dump());
    if (!root.contains("expect")) refuse("expect is missing, so the case could not fail");
    found.expect = expected_of(root.at("expect"));
    for (const auto position : found.expect.failed) {
      if (position >= found.input.size()) refuse(fmt::format("expect failed names message {}, but there are only {}", position, found.input.size()));
    }
    return found;
  }

 private:
  [[noreturn]] static void refuse(std::string text) { throw Refused{std::move(text)}; }

  void only_members(const json& object, const std::string& where, const std::set<std::string>& known) {
    if (!object.is_object()) refuse(fmt::format("{} is not an object", where));
    for (const auto& [name, value] : object.items()) {
      if (!known.contains(name)) refuse(fmt::format("{} has the unknown member \"{}\"; known are {}", where, name, fmt::join(known, ", ")));
    }
  }

  std::string text_at(const json& object, const std::string& where, const char* name) {
    if (!object.contains(name) || !object.at(name).is_string()) refuse(fmt::format("{}: \"{}\" is missing or not a text", where, name));
    return object.at(name).get<std::string>();
  }

  /// Regular expressions that cannot be read are refused here, so that they do not look like a difference.
  void check_matchers(const json& value, const std::string& where) {
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      if (!text.starts_with("$regex:")) return;
      try {
        std::regex unused(text.substr(7), std::regex::ECMAScript);
      } catch (const std::regex_error&) {
        refuse(fmt::format("{}: \"{}\" is not a regular expression", where, text));
      }
    } else if (value.is_structured()) {
      for (const auto& item : value) check_matchers(item, where);
    }
  }

  std::string option_text(const json& value, const std::string& where) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean() || value.is_number()) return value.dump();
    if (!value.is_array()) refuse(fmt::format("{} is neither a text, a number, true or false nor a list of them", where));
    std::string joined;
    for (const auto& item : value) joined += (joined.empty() ? "" : ",") + option_text(item, where);
    return joined;
  }

  std::map<std::string, json> tables_of(const json& section, const std::string& where) {
    if (!section.is_object()) refuse(fmt::format("{} is not an object", where));
    std::map<std::string, json> tables;
    for (const auto& [name, rows] : section.items()) {
      if (!name.contains('.')) refuse(fmt::format("{}: \"{}\" is not keyspace.table", where, name));
      if (!rows.is_array()) refuse(fmt::format("{} {} is not a list of rows", where, name));
      for (const auto& row : rows) {
        if (!row.is_object()) refuse(fmt::format("{} {} holds a row that is not an object", where, name));
      }
      tables.emplace(name, rows);
    }
    return tables;
  }

  std::map<int, json> redis_of(const json& section, const std::string& where) {
    if (!section.is_object()) refuse(fmt::format("{} is not an object", where));
    std::map<int, json> databases;
    for (const auto& [name, keys] : section.items()) {
      int index = -1;
      const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
      if (read.ec != std::errc() || read.ptr != name.data() + name.size() || index < 0) refuse(fmt::format("{}: \"{}\" is not a database number", where, name));
      if (!keys.is_object()) refuse(fmt::format("{} {} is not an object of keys", where, name));
      for (const auto& [key, value] : keys.items()) {
        if (!value.is_string() && !value.is_object() && !value.is_array()) refuse(fmt::format("{} {}: a key holds neither text, list nor object", where, name));
      }
      databases.emplace(index, keys);
    }
    return databases;
  }

  std::map<std::string, VectorCase::Documents> search_of(const json& section, const std::string& where) {
    if (!section.is_object()) refuse(fmt::format("{} is not an object", where));
    std::map<std::string, VectorCase::Documents> indices;
    for (const auto& [name, list] : section.items()) {
      const auto place = fmt::format("{} {}", where, name);
      if (!list.is_array()) refuse(place + " is not a list of documents");
      auto& documents = indices[name];
      for (const auto& document : list) {
        only_members(document, place, {"_id", "_source"});
        const auto id = text_at(document, place, "_id");
        if (!document.contains("_source") || !document.at("_source").is_object()) refuse(fmt::format("{}: the \"_source\" of {} is not an object", place, id));
        if (!documents.emplace(id, document.at("_source")).second) refuse(fmt::format("{} holds two documents {}", place, id));
      }
    }
    return indices;
  }

  HttpStub stub_of(const json& section, const std::string& where) {
    only_members(section, where, {"method", "path", "match", "response"});
    HttpStub stub{.method = text_at(section, where, "method"), .path = text_at(section, where, "path")};
    if (section.contains("match")) {
      const auto& match = section.at("match");
      only_members(match, where + " match", {"query", "body", "times"});
      if (match.contains("query")) stub.query = text_at(match, where + " match", "query");
      if (match.contains("body")) stub.body_contains_json = match.at("body").dump();
      if (match.contains("times")) {
        if (!match.at("times").is_number_unsigned()) refuse(where + " match: \"times\" is not a number of calls");
        stub.times = match.at("times").get<int>();
      }
    }
    if (!section.contains("response")) refuse(where + " has no response");
    const auto& response = section.at("response");
    only_members(response, where + " response", {"status", "body", "raw", "fault"});
    if (response.contains("fault")) {
      static const std::map<std::string, HttpStub::Fault> kFaults{
          {"refused", HttpStub::Fault::refused}, {"reset", HttpStub::Fault::reset}, {"timeout", HttpStub::Fault::timeout}};
      const auto fault = kFaults.find(text_at(response, where + " response", "fault"));
      if (fault == kFaults.end()) refuse(where + " response: the fault is none of refused, reset, timeout");
      stub.fault = fault->second;
      return stub;
    }
    if (!response.contains("status") || !response.at("status").is_number_integer()) refuse(where + " response has no status");
    stub.status = response.at("status").get<int>();
    if (response.contains("raw")) stub.body = text_at(response, where + " response", "raw");
    if (response.contains("body")) stub.body = response.at("body").dump();
    return stub;
  }

  VectorCase::Call call_of(const json& section, const std::string& where) {
    only_members(section, where, {"method", "path", "query", "body"});
    VectorCase::Call call;
    if (section.contains("method")) call.method = text_at(section, where, "method");
    if (section.contains("path")) call.path = text_at(section, where, "path");
    if (section.contains("query")) call.query = text_at(section, where, "query");
    if (section.contains("body")) call.body = section.at("body");
    return call;
  }

  VectorCase::Expected expected_of(const json& section) {
    only_members(section, "expect", {"tables", "redis", "search", "topics", "http", "metrics", "failed"});
    VectorCase::Expected expected;
    check_matchers(section, "expect");
    if (section.contains("tables")) expected.tables = tables_of(section.at("tables"), "expect tables");
    if (section.contains("redis")) expected.redis = redis_of(section.at("redis"), "expect redis");
    if (section.contains("search")) expected.search = search_of(section.at("search"), "expect search");
    if (section.contains("topics")) {
      expected.topics.emplace();
      if (!section.at("topics").is_object()) refuse("expect topics is not an object");
      for (const auto& [option, events] : section.at("topics").items()) {
        if (!events.is_array()) refuse(fmt::format("expect topics {} is not a list of events", option));
        expected.topics->emplace(option, events);
      }
    }
    if (section.contains("http")) {
      expected.http.emplace();
      if (!section.at("http").is_array()) refuse("expect http is not a list of calls");
      for (const auto& call : section.at("http")) expected.http->push_back(call_of(call, fmt::format("expect http [{}]", expected.http->size())));
    }
    if (section.contains("metrics")) {
      expected.metrics.emplace();
      if (!section.at("metrics").is_object()) refuse("expect metrics is not an object");
      for (const auto& [name, value] : section.at("metrics").items()) {
        if (!value.is_number_unsigned()) refuse(fmt::format("expect metrics {} is not a count", name));
        expected.metrics->emplace(name, value.get<std::uint64_t>());
      }
    }
    if (section.contains("failed")) {
      if (!section.at("failed").is_array()) refuse("expect failed is not a list of positions");
      for (const auto& position : section.at("failed")) {
        if (!position.is_number_unsigned()) refuse("expect failed holds something that is not a position");
        expected.failed.push_back(position.get<std::size_t>());
      }
    }
    return expected;
  }
};

}  // namespace

Result<VectorCase> parse_vector_case(const std::string& text, const std::string& file) {
  const auto refused = [&](std::string_view why) { return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{}: {}", file, why)); };
  try {
    VectorCase found = CaseReader().read(json::parse(text));
    found.file = file;
    return found;
  } catch (const Refused& fault) {
    return refused(fault.text);
  } catch (const json::exception& error) {
    return refused(error.what());
  }
}

Result<VectorCase> load_vector_case(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("there is no readable case file {}", file));
  return parse_vector_case(std::string(std::istreambuf_iterator<char>(in), {}), file);
}

}  // namespace lernd
