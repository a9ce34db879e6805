#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "adapters/http/stub_server.h"

namespace lernd {

/// How the course service searches.
enum class BatchSearch {
  well,
  unavailable,  ///< says a gateway
  broken,
  garbage,
  short_pages,    ///< seven entries a page
  counts_more,    ///< than it lists
  empty_page,     ///< after the first
  repeats,        ///< its first page, whatever is asked for
  reorders,       ///< behind the first page it begins at the other end
  total_shrinks,  ///< each page counts what was listed before it
  total_grows,    ///< each page counts one more than it ends with
};

/// The user service and the course service of a transfer world, on one port. The course service searches the real index, as that of the platform does.
class TransferServices {
 public:
  /// `index` is the `host:port` of the index server, `organisations` the users' by id; others are unknown.
  TransferServices(std::string index, std::map<std::string, std::string> organisations);

  void search(BatchSearch how) { how_ = how; }
  std::string users_url() const;
  std::string courses_url() const;

 private:
  StubReply reply(const StubRequest& request) const;
  StubReply account(const std::string& id) const;
  StubReply batches(const std::string& body) const;

  const std::string index_;
  const std::map<std::string, std::string> organisations_;
  std::atomic<BatchSearch> how_ = BatchSearch::well;
  std::unique_ptr<StubServer> server_;
};

}  // namespace lernd
