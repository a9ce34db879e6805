#include "jobs/relation_cache_updater/hierarchy.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "jobs/job_request.h"

namespace lernd::relation_cache_updater {
namespace {

using Ids = std::vector<std::string_view>;

/// A node with what is composed of its children. The recursion over nodes is as deep as the JSON, which has a bound (core/json.h).
struct Node {
  std::optional<std::string_view> id;
  JsonView json;
  bool collection = false;
  bool optional = false;
  std::vector<Node> children;  ///< of a collection only
  Ids contents;                ///< all contents below a collection
  Ids optional_nodes;
};

std::string_view text_in(JsonView object, std::string_view member) { return object.find(member).value_or(JsonView()).text().value_or(""); }

void sort_out(Ids& ids) {
  std::ranges::sort(ids);
  const auto doubles = std::ranges::unique(ids);
  ids.erase(doubles.begin(), doubles.end());
}

void append(Ids& ids, const Ids& more) { ids.insert(ids.end(), more.begin(), more.end()); }

bool says_optional(JsonView metadata) {
  const JsonView optional = metadata.find("optional").value_or(JsonView());
  return optional.boolean().value_or(false) || equal_ignoring_case(optional.text().value_or(""), "true");
}

bool is_optional(JsonView node) {
  const JsonView metadata = node.find("relationalMetadata").value_or(JsonView());
  const auto text = metadata.text();
  if (!text) return says_optional(metadata);
  const auto document = JsonDocument::parse(*text);
  return document && says_optional(document->root());
}

Node node_of(JsonView json) {
  Node node{.id = id_in(json, "identifier"), .json = json, .collection = is_collection(json), .optional = is_optional(json)};
  if (!node.collection) return node;
  for (const JsonView child : json.find("children").value_or(JsonView()).items()) {
    if (child.is_object()) node.children.push_back(node_of(child));
  }
  for (const Node& child : node.children) {
    if (child.collection) append(node.contents, child.contents);
    if (!child.collection && child.id) node.contents.push_back(*child.id);
    // What is below an optional collection is not optional by itself.
    if (!child.optional) append(node.optional_nodes, child.optional_nodes);
    if (child.optional && child.id) node.optional_nodes.push_back(*child.id);
  }
  sort_out(node.contents);
  sort_out(node.optional_nodes);
  return node;
}

/// The property, if the node has it, even when it is empty; else what its children have.
Ids leaf_nodes_of(const Node& node) {
  const JsonView property = node.json.find("leafNodes").value_or(JsonView());
  if (!property.is_array()) return node.contents;
  Ids ids;
  for (const JsonView item : property.items()) {
    if (const auto id = item.text()) ids.push_back(*id);
  }
  sort_out(ids);
  return ids;
}

/// Values by id, in the order in which the ids came first.
template <class Value>
class ByNode {
 public:
  Value& operator[](std::string_view id) {
    const auto [place, is_new] = index_.try_emplace(id, entries_.size());
    if (is_new) entries_.emplace_back(id, Value());
    return entries_[place->second].second;
  }
  std::vector<std::pair<std::string_view, Value>>& entries() { return entries_; }

 private:
  std::unordered_map<std::string_view, std::size_t> index_;
  std::vector<std::pair<std::string_view, Value>> entries_;
};

/// Goes through a tree, parents before children, and keeps what is to be cached.
class Collector {
 public:
  void visit(const Node& node) {
    if (!node.collection) {
      if (node.id) append(ancestors_[*node.id], path_);
      return;
    }
    if (node.id) keep(node);
    if (node.id) path_.push_back(*node.id);
    for (const Node& child : node.children) {
      if (child.collection && child.optional && child.id) optional_collections_.push_back(*child.id);
      visit(child);
    }
    if (node.id) path_.pop_back();
  }

  Relations relations() {
    sort_out(optional_collections_);
    Relations relations{.leaf_nodes = sets_of(leaf_nodes_),
                        .optional_nodes = sets_of(optional_nodes_),
                        .ancestors = sets_of(ancestors_),
                        .units = {},
                        .optional_collections = {optional_collections_.begin(), optional_collections_.end()}};
    for (const auto& [id, json] : units_.entries()) relations.units.push_back({std::string(id), json.compact()});
    return relations;
  }

 private:
  void keep(const Node& node) {
    leaf_nodes_[*node.id] = leaf_nodes_of(node);
    optional_nodes_[*node.id] = node.optional_nodes;
    if (!node.children.empty() && equal_ignoring_case(text_in(node.json, "visibility"), "Parent")) units_[*node.id] = node.json;
  }

  static std::vector<NodeSet> sets_of(ByNode<Ids>& by_node) {
    std::vector<NodeSet> sets;
    for (auto& [id, members] : by_node.entries()) {
      sort_out(members);
      sets.push_back({std::string(id), {members.begin(), members.end()}});
    }
    return sets;
  }

  Ids path_;
  ByNode<Ids> leaf_nodes_;
  ByNode<Ids> optional_nodes_;
  ByNode<Ids> ancestors_;
  ByNode<JsonView> units_;
  Ids optional_collections_;
};

}  // namespace

bool is_collection(JsonView node) { return equal_ignoring_case(text_in(node, "mimeType"), "application/vnd.ekstep.content-collection"); }

Relations relations_of(std::string_view root_id, JsonView root) {
  Node tree = node_of(root);
  if (!tree.collection) return {};
  tree.id = root_id;
  Collector collector;
  collector.visit(tree);
  return collector.relations();
}

}  // namespace lernd::relation_cache_updater
