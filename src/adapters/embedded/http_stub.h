#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/embedded/database.h"
#include "core/error.h"
#include "core/record.h"

namespace lernd {

/// An answer of an HTTP service, kept as a document: which calls it answers, how often, and with what.
///
/// Source: cases/README.md, "Before".
struct HttpStub {
  enum class Fault { none, refused, reset, timeout };
  std::string method;
  std::string path;                               ///< without query; runs of `/` count as one
  std::optional<std::string> query;               ///< the raw query of the call must equal it
  std::optional<std::string> body_contains_json;  ///< the JSON body of the call must contain this JSON
  std::optional<int> times;                       ///< calls it answers before it is used up; absent: any number
  int status = 200;
  std::string body;
  Fault fault = Fault::none;  ///< answers with this instead of status and body
  bool operator==(const HttpStub&) const = default;
};

/// A call that was made. `path` has its runs of `/` made one.
struct HttpCall {
  std::string method;
  std::string path;
  std::string query;
  std::string body;
  std::vector<Header> headers = {};
  bool operator==(const HttpCall&) const = default;
};

/// A path with its runs of `/` made one.
std::string plain_path(std::string_view path);

/// The call that a request for `url` is; absent when the URL is not an absolute one of http or https.
std::optional<HttpCall> http_call(std::string_view method, std::string_view url, std::string_view body);

/// Whether `actual` contains `expected`: objects are compared as subsets, arrays and scalars exactly, numbers by value. False when either is not JSON.
bool json_contains(std::string_view actual, std::string_view expected);

/// Whether a stub answers a call. Does not look at `times`.
bool answers(const HttpStub& stub, const HttpCall& call);

/// The first stub that answers the call and is not used up; one of its `times` is then used. Absent: nobody answers, which is status 404 with an empty body.
std::optional<std::size_t> take_stub(std::span<HttpStub> stubs, const HttpCall& call);

/// Replaces the stubs of the file. Visible at once, unless a transaction of the object is open: then with that.
Result<void> put_http_stubs(EmbeddedDatabase& database, std::span<const HttpStub> stubs);
/// The calls made through the file, in order. The value of an `Authorization` header is not kept.
Result<std::vector<HttpCall>> http_calls(EmbeddedDatabase& database);

}  // namespace lernd
