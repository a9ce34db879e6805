#include "jobs/relation_cache_updater/hierarchy.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace lernd::relation_cache_updater {
namespace {

using Ids = std::vector<std::string>;
using Sets = std::map<std::string, Ids>;

std::string joined(const std::vector<std::string>& nodes) {
  std::string text;
  for (const auto& node : nodes) text += (text.empty() ? "" : ",") + node;
  return text;
}

/// A content; `more` are members in front, each with its comma.
std::string content(const std::string& id, const std::string& more = "") {
  return "{" + more + R"("identifier":")" + id + R"(","mimeType":"application/pdf"})";
}

std::string collection(const std::string& id, const std::vector<std::string>& children, const std::string& more = "") {
  return "{" + more + R"("identifier":")" + id + R"(","mimeType":"application/vnd.ekstep.content-collection","visibility":"Parent","children":[)" +
         joined(children) + "]}";
}

constexpr const char* kOptional = R"("relationalMetadata":{"optional":true},)";

Relations relations(const std::string& hierarchy) {
  const auto document = JsonDocument::parse(hierarchy);
  EXPECT_TRUE(document) << hierarchy;
  return document ? relations_of("do_1", document->root()) : Relations();
}

Sets sets(const std::vector<NodeSet>& sets) {
  Sets plain;
  for (const auto& set : sets) {
    EXPECT_TRUE(plain.emplace(set.node_id, set.members).second) << set.node_id << " comes twice";
  }
  return plain;
}

TEST(Relations, LeafNodesComeFromTheProperty) {
  const auto found = relations(collection("do_1", {collection("u1", {content("c1")}, R"("leafNodes":["c9","c8","c9"],)"), content("c2")}));
  EXPECT_EQ(sets(found.leaf_nodes), (Sets{{"do_1", {"c1", "c2"}}, {"u1", {"c8", "c9"}}})) << "deeper properties are not part of what is composed";
}

TEST(Relations, AnEmptyPropertyIsAProperty) {
  EXPECT_EQ(sets(relations(collection("do_1", {content("c1")}, R"("leafNodes":[],)")).leaf_nodes), (Sets{{"do_1", {}}}));
}

TEST(Relations, APropertyThatIsNoListIsNone) {
  for (const std::string value : {"null", "7", R"("c9")", "{}"}) {
    EXPECT_EQ(sets(relations(collection("do_1", {content("c1")}, "\"leafNodes\":" + value + ",")).leaf_nodes), (Sets{{"do_1", {"c1"}}})) << value;
  }
  EXPECT_EQ(sets(relations(collection("do_1", {}, R"("leafNodes":["c1",null,7,"c2"],)")).leaf_nodes), (Sets{{"do_1", {"c1", "c2"}}}));
}

TEST(Relations, OptionalNodesOfACollectionIncludeThoseBelowItsRequiredUnits) {
  const auto found = relations(
      collection("do_1", {content("c1", kOptional), collection("u1", {content("c2", kOptional), content("c3"), collection("u2", {content("c4", kOptional)})}),
                          collection("u3", {content("c5", kOptional), content("c6")}, kOptional)}));
  EXPECT_EQ(sets(found.optional_nodes), (Sets{{"do_1", {"c1", "c2", "c4", "u3"}}, {"u1", {"c2", "c4"}}, {"u2", {"c4"}}, {"u3", {"c5"}}}));
}

TEST(Relations, WhatIsOptional) {
  for (const std::string yes :
       {R"({"optional":true})", R"({"optional":"true"})", R"({"optional":"TRUE","more":1})", R"("{\"optional\":true}")", R"("{\"optional\":\"True\"}")"}) {
    EXPECT_EQ(sets(relations(collection("do_1", {content("c1", "\"relationalMetadata\":" + yes + ",")})).optional_nodes), (Sets{{"do_1", {"c1"}}})) << yes;
  }
  for (const std::string no : {"null", "{}", R"({"optional":false})", R"({"optional":null})", R"({"optional":1})", R"({"optional":"yes"})", "[]", "true",
                               R"("true")", R"("{optional")", R"("")", R"({"optional":["true"]})"}) {
    EXPECT_EQ(sets(relations(collection("do_1", {content("c1", "\"relationalMetadata\":" + no + ",")})).optional_nodes), (Sets{{"do_1", {}}})) << no;
  }
}

TEST(Relations, AncestorsAreAllCollectionsOnEveryPath) {
  const auto found =
      relations(collection("do_1", {content("c1"), collection("u1", {content("c2"), collection("u2", {content("c1")})}), collection("u3", {content("c2")})}));
  EXPECT_EQ(sets(found.ancestors), (Sets{{"c1", {"do_1", "u1", "u2"}}, {"c2", {"do_1", "u1", "u3"}}}));
}

TEST(Relations, UnitsAreCollectionsWithChildrenAndVisibilityParent) {
  const std::string inner = collection("u2", {content("c1")});
  const std::string linked = R"({"identifier":"u1","mimeType":"application/vnd.ekstep.content-collection","visibility":"Default","children":[)" + inner + "]}";
  const std::string upper =
      R"({"identifier":"u3","mimeType":"Application/vnd.ekstep.content-collection","visibility":"PARENT","children":[)" + content("c2") + "]}";
  const auto found = relations(R"({"mimeType":"application/vnd.ekstep.content-collection","visibility":"Default","children":[)" +
                               joined({linked, upper, collection("empty", {})}) + "]}");
  EXPECT_EQ(found.units, (std::vector<Unit>{{"u2", inner}, {"u3", upper}}));
}

TEST(Relations, AUnitIsItsNodeAsItStands) {
  const std::string unit = collection("u1", {content("c1", R"("name":"Pythagoras’ “theorem” a/b","pkgVersion":1.0,"size":1e3,)")}, R"("zeta":[],"alpha":{},)");
  std::string spread;
  for (const char c : unit) spread += (c == ',' ? " ,\n" : std::string(1, c));
  EXPECT_EQ(relations(collection("do_1", {spread})).units.back().json,
            collection("u1", {content("c1", R"("name":"Pythagoras’ “theorem” a/b","pkgVersion":1.0,"size":1000.0,)")}, R"("zeta":[],"alpha":{},)"));
}

TEST(Relations, TheRootIsWhatTheEventCallsIt) {
  const auto found = relations(collection("other", {content("c1")}));
  EXPECT_EQ(sets(found.leaf_nodes), (Sets{{"do_1", {"c1"}}}));
  EXPECT_EQ(sets(found.ancestors), (Sets{{"c1", {"do_1"}}}));
  EXPECT_EQ(found.units.front().node_id, "do_1");
}

TEST(Relations, ARootThatIsNoCollectionHasNone) {
  EXPECT_EQ(relations(content("do_1")), Relations());
  EXPECT_EQ(relations(R"({"identifier":"do_1","children":[]})"), Relations());
}

TEST(Relations, OfACollectionAtTwoPlacesTheLaterCounts) {
  const std::string later = collection("u1", {content("c2")});
  const auto found = relations(collection("do_1", {collection("u2", {collection("u1", {content("c1", kOptional)})}), later}));
  EXPECT_EQ(sets(found.leaf_nodes), (Sets{{"do_1", {"c1", "c2"}}, {"u1", {"c2"}}, {"u2", {"c1"}}}));
  EXPECT_EQ(sets(found.optional_nodes).at("u1"), Ids());
  EXPECT_EQ(found.units.back(), (Unit{"u1", later}));
  const auto inside = relations(collection("do_1", {collection("u1", {collection("u1", {content("c1")}), content("c2")})}));
  EXPECT_EQ(sets(inside.leaf_nodes).at("u1"), Ids{"c1"}) << "a child comes after its parent";
}

TEST(Relations, ANodeWithoutIdHasNoSetsButItsChildrenHave) {
  for (const std::string id : {"", R"("identifier":null,)", R"("identifier":" ",)", R"("identifier":7,)"}) {
    const std::string nameless = "{" + id + R"("mimeType":"application/vnd.ekstep.content-collection","visibility":"Parent","children":[)" +
                                 joined({content("c1", kOptional), "{" + id + R"("mimeType":"application/pdf"})"}) + "]}";
    const auto found = relations(collection("do_1", {collection("u1", {nameless})}));
    EXPECT_EQ(sets(found.leaf_nodes), (Sets{{"do_1", {"c1"}}, {"u1", {"c1"}}}));
    EXPECT_EQ(sets(found.optional_nodes), (Sets{{"do_1", {"c1"}}, {"u1", {"c1"}}}));
    EXPECT_EQ(sets(found.ancestors), (Sets{{"c1", {"do_1", "u1"}}}));
    EXPECT_EQ(found.units.size(), 2u);
  }
}

TEST(Relations, OddChildrenAreNone) {
  for (const std::string children : {"null", "{}", "[]", "7", "[null,7,[],\"c1\"]"}) {
    const auto found = relations(R"({"mimeType":"application/vnd.ekstep.content-collection","visibility":"Parent","children":)" + children + "}");
    EXPECT_EQ(sets(found.leaf_nodes), (Sets{{"do_1", {}}})) << children;
    EXPECT_TRUE(found.ancestors.empty() && found.units.empty()) << children;
  }
  EXPECT_TRUE(relations(collection("do_1", {content("c1", R"("children":[{"identifier":"c2"}],)")})).ancestors.size() == 1) << "below a content nobody looks";
}

TEST(Relations, ADeepTreeIsTakenToItsEnd) {
  std::string tree = content("leaf");
  constexpr int kDepth = 250;
  for (int depth = 0; depth < kDepth; ++depth) tree = collection("u" + std::to_string(depth), {tree});
  const auto found = relations(tree);
  EXPECT_EQ(found.leaf_nodes.size(), std::size_t{kDepth});
  for (const auto& set : found.leaf_nodes) EXPECT_EQ(set.members, Ids{"leaf"});
  EXPECT_EQ(found.ancestors.front().members.size(), std::size_t{kDepth});
}

TEST(Relations, AWideTreeIsNoTrouble) {
  std::vector<std::string> units;
  for (int unit = 0; unit < 200; ++unit) {
    std::vector<std::string> contents;
    for (int i = 0; i < 100; ++i) contents.push_back(content("c" + std::to_string(unit * 100 + i)));
    units.push_back(collection("u" + std::to_string(unit), contents));
  }
  const auto found = relations(collection("do_1", units));
  EXPECT_EQ(found.leaf_nodes.front().members.size(), 20'000u);
  EXPECT_EQ(found.ancestors.size(), 20'000u);
}

}  // namespace
}  // namespace lernd::relation_cache_updater
