#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/conformance.h"
#include "ports/cache.h"

namespace lernd {

/// A cache under test. Every object that `open` gives works on the same keys. `first` and `second` are two databases that hold no keys at first.
class CacheBackend {
 public:
  virtual ~CacheBackend() = default;
  virtual std::unique_ptr<Cache> open() = 0;
  virtual CacheId first() const = 0;
  virtual CacheId second() const = 0;
  /// Stops the server and starts it again; returns when it answers. Backends without a server do not run the tests that need it.
  virtual void restart() { FAIL() << "this backend has no server"; }
};

struct CacheFactory {
  std::string name;
  std::function<std::unique_ptr<CacheBackend>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const CacheFactory& factory) { return out << factory.name; }

/// What a Cache has to do, whatever is behind it. A backend joins with
/// `INSTANTIATE_TEST_SUITE_P(<Backend>, CacheSuite, testing::Values(CacheFactory{"<name>", make}), BackendName())`.
class CacheSuite : public testing::TestWithParam<CacheFactory> {
 protected:
  void SetUp() override;
  /// Erases every key of both databases.
  void TearDown() override;

  Result<void> write(CacheGroup group);
  Result<CacheValue> read(CacheKind kind, const std::string& key);
  /// The value of a key that can be read; an absent one when it cannot.
  CacheValue value(CacheKind kind, const std::string& key);

  CacheWrite put_text(const std::string& key, const std::string& text) const;
  CacheWrite put_set(const std::string& key, std::vector<std::string> members) const;
  CacheWrite put_hash(const std::string& key, std::vector<std::pair<std::string, std::string>> fields) const;
  CacheWrite put_fields(const std::string& key, std::vector<std::pair<std::string, std::string>> fields) const;
  CacheWrite erase(const std::string& key) const;

  std::unique_ptr<CacheBackend> backend_;
  std::unique_ptr<Cache> cache_;
  CacheId id_;  ///< the first database

 private:
  void clear(const CacheId& id);
};

inline CacheValue text_value(std::string text) { return {.text = std::move(text), .members = {}, .fields = {}}; }
inline CacheValue set_value(std::vector<std::string> members) { return {.text = std::nullopt, .members = std::move(members), .fields = {}}; }
inline CacheValue hash_value(std::vector<std::pair<std::string, std::string>> fields) {
  return {.text = std::nullopt, .members = {}, .fields = std::move(fields)};
}

}  // namespace lernd
