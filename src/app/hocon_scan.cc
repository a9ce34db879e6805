#include "app/hocon_scan.h"

#include <fmt/format.h>

#include <algorithm>

namespace lernd {
namespace {

constexpr int kDepthMax = 100;
constexpr std::string_view kSpace = " \t\r\f\v";

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  HoconScan run() {
    object("", 0);
    return std::move(found_);
  }

 private:
  bool done() const { return at_ >= text_.size() || found_.fault.has_value(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool ahead(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void step() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }

  void fault(int line, std::string text) {
    if (!found_.fault) found_.fault = HoconScan::Fault{line, std::move(text)};
  }

  void skip_line() {
    while (!done() && peek() != '\n') step();
  }

  bool at_comment() const { return ahead("#") || ahead("//"); }

  /// Passes over white space, comments and, between the fields of an object, line ends and commas.
  void skip_blank(std::string_view also) {
    while (!done()) {
      if (at_comment()) {
        skip_line();
      } else if (kSpace.contains(peek()) || also.contains(peek())) {
        step();
      } else {
        return;
      }
    }
  }

  std::string quoted() {
    const int opened = line_;
    const bool triple = ahead("\"\"\"");
    const std::string_view quote = triple ? "\"\"\"" : "\"";
    for (std::size_t i = 0; i < quote.size(); ++i) step();
    std::string inside;
    while (!done() && !ahead(quote)) {
      if (!triple && peek() == '\n') break;
      if (!triple && peek() == '\\' && at_ + 1 < text_.size()) step();
      inside += peek();
      step();
    }
    if (at_ >= text_.size() || !ahead(quote)) {
      fault(opened, "a quote is opened and not closed");
      return inside;
    }
    for (std::size_t i = 0; i < quote.size(); ++i) step();
    return inside;
  }

  /// The fields of an object up to its closing bracket; `opened` is the line of the opening one, 0 for the whole text.
  void object(const std::string& path, int opened) {
    if (++depth_ > kDepthMax) fault(line_, fmt::format("brackets are nested deeper than {}", kDepthMax));
    for (skip_blank("\n,"); !done() && peek() != '}'; skip_blank("\n,")) {
      const std::size_t before = at_;
      if (path.empty() && peek() == '{') {
        const int line = line_;
        step();
        object("", line);
      } else if (!include()) {
        field(path);
      }
      if (at_ == before && !done()) step();
    }
    --depth_;
    if (found_.fault) return;
    if (at_ >= text_.size()) {
      if (opened != 0) fault(opened, "a '{' is opened and not closed");
    } else if (opened == 0) {
      fault(line_, "a '}' closes nothing");
    } else {
      step();
    }
  }

  /// An include statement: `include "f"`, `include file("f")`, `include required(…)`. False when there is none here.
  bool include() {
    if (!ahead("include")) return false;
    const std::size_t begin = at_;
    std::size_t i = at_ + std::string_view("include").size();
    const std::size_t after_word = i;
    while (i < text_.size() && kSpace.contains(text_[i])) ++i;
    const std::string_view rest = text_.substr(i);
    const bool named = std::ranges::any_of(std::vector<std::string_view>{"\"", "file(", "required(", "url(", "classpath("},
                                           [&](std::string_view start) { return rest.starts_with(start); });
    if (i == after_word || !named) return false;
    const int line = line_;
    while (at_ < i) step();
    if (ahead("url(") || ahead("classpath(")) {
      fault(line, "only files can be included; write include \"FILE\"");
      return true;
    }
    while (!done() && peek() != '"' && peek() != '\n') step();
    if (peek() != '"') {
      fault(line, "an include names no file in quotes");
      return true;
    }
    std::string file = quoted();
    while (!done() && (peek() == ')' || kSpace.contains(peek()))) step();
    if (!found_.fault) found_.includes.push_back({begin, at_, std::move(file), line});
    return true;
  }

  void field(const std::string& prefix) {
    const int line = line_;
    std::string key;
    while (!done() && !std::string_view("=:{}+,\n").contains(peek()) && !at_comment()) {
      if (peek() == '"') {
        key += quoted();
      } else {
        key += peek();
        step();
      }
    }
    if (found_.fault) return;
    while (!key.empty() && kSpace.contains(key.back())) key.pop_back();
    if (key.empty()) return;
    const std::string path = prefix.empty() ? key : prefix + "." + key;
    if (peek() == '+') step();
    if (peek() == '=' || peek() == ':') {
      step();
      skip_blank("\n");
    } else if (peek() != '{') {
      return;  // Not a field; the library says what it expected.
    }
    found_.keys.push_back({path, line});
    value(path);
  }

  /// Passes over a value up to the end of its line, a comma or the bracket that closes what it stands in.
  void value(const std::string& path) {
    while (!done() && !std::string_view("\n,}]").contains(peek())) {
      if (ahead("{{")) {
        fault(line_, "a template placeholder {{…}} was not filled in");
      } else if (peek() == '"') {
        quoted();
      } else if (at_comment()) {
        skip_line();
      } else if (ahead("${")) {
        while (!done() && peek() != '}' && peek() != '\n') step();
        if (peek() == '}') step();
      } else if (peek() == '{') {
        const int line = line_;
        step();
        object(path, line);
      } else if (peek() == '[') {
        array(path);
      } else {
        step();
      }
    }
  }

  void array(const std::string& path) {
    if (++depth_ > kDepthMax) fault(line_, fmt::format("brackets are nested deeper than {}", kDepthMax));
    const int opened = line_;
    step();
    for (skip_blank("\n,"); !done() && peek() != ']'; skip_blank("\n,")) {
      const std::size_t before = at_;
      value(path + "[]");
      if (at_ == before && !done()) step();
    }
    --depth_;
    if (found_.fault) return;
    if (at_ >= text_.size()) {
      fault(opened, "a '[' is opened and not closed");
    } else {
      step();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  int depth_ = 0;
  HoconScan found_;
};

}  // namespace

HoconScan scan_hocon(std::string_view text) { return Scanner(text).run(); }

}  // namespace lernd
