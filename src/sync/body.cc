#include "sync/body.h"

#include "core/json.h"

namespace lernd::sync {

std::string body_of(const ObjectType& type, bool verify, std::span<const bulk::Item> items) {
  std::string body;
  JsonWriter writer(body);
  writer.open_object().name("request").open_object();
  writer.name("operationFor").text("es").name("objectType").text(type.name);
  if (verify) writer.name("operationType").text("sync");
  writer.name("objectIds").open_array();
  for (const bulk::Item& item : items) writer.raw(element_of(type, item.line));
  writer.close_array().close_object().name("params").open_object().close_object().close_object();
  return body;
}

std::size_t count_that_fits(const ObjectType& type, bool verify, std::span<const bulk::Item> items, std::size_t body_bytes_max) {
  std::size_t bytes = body_of(type, verify, {}).size();
  for (std::size_t count = 0; count < items.size(); ++count) {
    bytes += element_of(type, items[count].line).size() + (count == 0 ? 0 : 1);
    if (bytes > body_bytes_max) return count == 0 ? 1 : count;
  }
  return items.size();
}

}  // namespace lernd::sync
