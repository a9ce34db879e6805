#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "app/vectors/matcher.h"
#include "sync/case_run.h"

namespace lernd::sync {
namespace {

using nlohmann::json;
using Files = std::map<std::string, std::string>;

class Check {
 public:
  explicit Check(const Outcome& outcome)
      : outcome_(outcome), matcher_(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()) {}

  std::vector<std::string> all(const json& expect) {
    for (const auto& [section, content] : expect.items()) {
      if (section == "http")
        http(content);
      else if (section == "sync")
        sync(content);
      else if (section == "files")
        files(content);
      else if (section == "report")
        report(content);
      else if (section == "stdout")
        text("stdout", outcome_.out, content);
      else if (section == "stderr")
        text("stderr", outcome_.err, content);
      else if (section == "nowhere")
        nowhere(content);
      else if (section == "elapsed_ms")
        elapsed(content);
      else if (section == "exit_code")
        require(outcome_.exit_code == content, fmt::format("exit code {} instead of {}: {}", outcome_.exit_code, content.dump(), outcome_.err));
      else
        wrong_.push_back("the case expects something unknown: " + section);
    }
    return std::move(wrong_);
  }

 private:
  void require(bool holds, std::string otherwise) {
    if (!holds) wrong_.push_back(std::move(otherwise));
  }

  void http(const json& calls) {
    require(calls.size() == outcome_.calls.size(), fmt::format("{} calls instead of {}", outcome_.calls.size(), calls.size()));
    for (std::size_t i = 0; i < std::min(calls.size(), outcome_.calls.size()); ++i) {
      const auto& call = outcome_.calls[i];
      const auto place = fmt::format("call {}: ", i + 1);
      const json expected = calls[i];
      require(expected.value("method", call.method) == call.method, place + "method " + call.method);
      require(expected.value("path", call.path) == call.path, place + "path " + call.path);
      if (expected.contains("body")) require(matcher_.matches(expected["body"], json::parse(call.body, nullptr, false)), place + "body " + call.body);
      const auto headers = expected.value("headers", json::object());
      for (const auto& [name, value] : headers.items()) {
        const auto* found = header_of(call, name);
        require(value.is_null() ? found == nullptr : found != nullptr && matcher_.matches(value, *found), place + "header " + name);
      }
    }
  }

  void sync(const json& expected) {
    json sizes = json::array();
    std::vector<std::string> ids;
    for (const auto& call : outcome_.calls) {
      const auto these = ids_of(call);
      sizes.push_back(these.size());
      ids.insert(ids.end(), these.begin(), these.end());
    }
    if (expected.contains("calls")) require(expected["calls"] == outcome_.calls.size(), fmt::format("{} calls", outcome_.calls.size()));
    if (expected.contains("sizes")) require(expected["sizes"] == sizes, "sizes " + sizes.dump());
    std::sort(sizes.begin(), sizes.end());
    if (expected.contains("sizes_any_order")) {
      auto wanted = expected["sizes_any_order"];
      std::sort(wanted.begin(), wanted.end());
      require(wanted == sizes, "sizes " + sizes.dump());
    }
    if (expected.contains("ids")) {
      auto wanted = expected["ids"].get<std::vector<std::string>>();
      std::ranges::sort(wanted);
      std::ranges::sort(ids);
      require(wanted == ids, "ids " + json(ids).dump());
    }
  }

  void files(const json& expected) {
    for (const auto& [glob, wanted] : expected.items()) {
      const auto matching = [&glob](const Files& files) {
        Files found;
        for (const auto& [name, bytes] : files) {
          if (::fnmatch(glob.c_str(), name.c_str(), 0) == 0) found[name] = bytes;
        }
        return found;
      };
      const Files found = matching(outcome_.written);
      for (const auto& [assertion, value] : wanted.items()) {
        const auto place = glob + " " + assertion + ": ";
        if (assertion == "absent") {
          require(matching(outcome_.all).empty() == value.get<bool>(), place + "it is not so");
        } else if (assertion == "count") {
          require(value == found.size(), fmt::format("{}{} instead of {}", place, found.size(), value.dump()));
        } else {
          require(!found.empty(), place + "there is no such file");
          for (const auto& [name, bytes] : found) content(place, assertion, value, bytes);
        }
      }
    }
  }

  void content(const std::string& place, const std::string& assertion, const json& value, const std::string& bytes) {
    std::vector<std::string> lines;
    std::istringstream in(bytes);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    if (assertion == "empty") {
      require(bytes.empty() == value.get<bool>(), place + bytes);
    } else if (assertion == "equals") {
      require(bytes == value.get<std::string>(), place + bytes);
    } else if (assertion == "lines") {
      require(value == json(lines), place + bytes);
    } else if (assertion == "lines_any_order") {
      auto wanted = value.get<std::vector<std::string>>();
      std::ranges::sort(wanted);
      std::ranges::sort(lines);
      require(wanted == lines, place + bytes);
    } else if (assertion == "contains" || assertion == "not_contains") {
      for (const std::string part : value) require(bytes.contains(part) == (assertion == "contains"), place + part + "\n    in: " + bytes);
    } else {
      wrong_.push_back("the case expects something unknown of a file: " + assertion);
    }
  }

  void report(const json& expected) {
    std::string newest;
    for (const auto& [name, bytes] : outcome_.written) {
      if (name.starts_with("SyncReport_")) newest = bytes;  // names are in order of their time
    }
    Differences differences;
    matcher_.compare(expected, json::parse(newest, nullptr, false), "report", differences, Matcher::Objects::subset);
    for (const auto& [place, wanted, found] : differences) wrong_.push_back(fmt::format("{}: {} instead of {}", place, found, wanted));
  }

  void text(const std::string& place, const std::string& found, const json& expected) {
    for (const std::string part : expected.value("contains", json::array())) require(found.contains(part), place + " lacks: " + part + "\n    in: " + found);
    for (const std::string part : expected.value("not_contains", json::array())) require(!found.contains(part), place + " holds: " + part);
  }

  void nowhere(const json& secrets) {
    for (const std::string secret : secrets) {
      require(!outcome_.out.contains(secret) && !outcome_.err.contains(secret), "the output holds " + secret);
      for (const auto& [name, bytes] : outcome_.written) require(!bytes.contains(secret), name + " holds " + secret);
    }
  }

  void elapsed(const json& limits) {
    require(outcome_.elapsed_ms >= limits.value("min", std::int64_t{0}), fmt::format("done after {} ms", outcome_.elapsed_ms));
    require(outcome_.elapsed_ms <= limits.value("max", std::int64_t{3'600'000}), fmt::format("done after {} ms", outcome_.elapsed_ms));
  }

  const Outcome& outcome_;
  const Matcher matcher_;
  std::vector<std::string> wrong_;
};

}  // namespace

std::vector<std::string> check(const json& expect, const Outcome& outcome) { return Check(outcome).all(expect); }

}  // namespace lernd::sync
