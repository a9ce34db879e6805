#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace lernd::relation_cache_updater {

/// A node of the tree and a set of ids that belongs to it: sorted, each once.
struct NodeSet {
  std::string node_id;
  std::vector<std::string> members;
  bool operator==(const NodeSet&) const = default;
};

/// A collection inside another one, as compact JSON.
struct Unit {
  std::string node_id;
  std::string json;
  bool operator==(const Unit&) const = default;
};

/// All that is cached of one root collection. Every id once, in the order in which the tree first has it.
struct Relations {
  std::vector<NodeSet> leaf_nodes;                ///< of every collection; may be empty
  std::vector<NodeSet> optional_nodes;            ///< of every collection; may be empty
  std::vector<NodeSet> ancestors;                 ///< of every content
  std::vector<Unit> units;                        ///< of every collection with children whose visibility is `Parent`
  std::vector<std::string> optional_collections;  ///< ids of collections that say they are optional
  bool operator==(const Relations&) const = default;
};

/// Whether a node of a hierarchy, or the event about it, has the mime type of a collection.
bool is_collection(JsonView node);

/// Computes the relations of the tree under `root`, which stands for the collection `root_id`; nothing when it is no collection.
///
/// An id at several places of the tree has, as a collection, the sets and the JSON of the last one; as a content, the ancestors of all.
/// Errors     none: a null or a value of another type than expected is the same as a missing one, and a node without an id has no sets but its children have.
/// Source     relation-cache-updater.md section 4.
/// Reference  RelationCacheUpdater.getLeafNodes, getOptionalNodes, getAncestors, getUnitMaps.
/// Difference relation-cache-updater.md section 5, tolerated input.
Relations relations_of(std::string_view root_id, JsonView root);

}  // namespace lernd::relation_cache_updater
