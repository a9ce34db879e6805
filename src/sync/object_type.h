#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bulk/id_reader.h"

namespace lernd::sync {

/// How the ids of a type stand in `objectIds`.
enum class Element : std::uint8_t {
  text,            ///< always a string
  text_or_object,  ///< a string, or a JSON object as it stands in the id file
  object,          ///< an object; a plain id of a scan becomes one
};

/// A kind of document that the Sync API can rebuild. Source: sync.md section 4.
struct ObjectType {
  std::string_view name;  ///< the exact word of the API
  std::string_view keyspace;
  std::string_view table;
  std::string_view column;
  Element element = Element::text;
  std::string_view member = {};  ///< of an object: the member that must be there
  bool verifiable = false;       ///< the API can answer with what it indexed
};

/// The type of a word as people write it: without regard to case, `org` and `organization` too. Nothing for any other word.
std::optional<ObjectType> object_type_named(std::string_view word);

/// Which lines of an id file may be objects for this type.
bulk::ObjectLines object_lines(const ObjectType& type);

/// A plain id as a line of the id list: itself, or an object where the API wants one.
std::string line_of(const ObjectType& type, std::string_view id);

/// A line of the id list as an element of `objectIds`, in JSON.
std::string element_of(const ObjectType& type, std::string_view line);

}  // namespace lernd::sync
