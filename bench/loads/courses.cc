#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/json.h"
#include "loads/course.h"
#include "loads/kinds.h"

namespace lernd::bench {
namespace {

constexpr std::string_view kCollection = "application/vnd.ekstep.content-collection";

/// What a node of a platform has besides what is read, about 1 KB: most of a hierarchy is this.
constexpr std::string_view kOtherMembers =
    R"("ownershipType":["createdBy"],"copyright":"2023","keywords":["reading","class 4","practice"],"subject":["English"],"channel":"0126796199493140480",)"
    R"("downloadUrl":"https://storage.example.org/content/assets/reading-for-beginners-part-one_1683556693275_1.ecar","organisation":["An organisation"],)"
    R"("language":["English"],"variants":{"spine":{"ecarUrl":"https://storage.example.org/content/reading-for-beginners_1683556693275_1_spine.ecar","size":"9410"}},)"
    R"("gradeLevel":["Class 4","Class 5"],"appIcon":"https://storage.example.org/content/assets/icon_1683556693275.thumb.png","contentType":"Resource",)"
    R"("primaryCategory":"Learning Resource","audience":["Student"],"compatibilityLevel":4,"license":"CC BY 4.0","framework":"a_k-12","creator":"A Creator",)"
    R"("createdOn":"2023-05-08T14:38:13.275+0000","lastUpdatedOn":"2023-05-08T14:48:13.275+0000","status":"Live","versionKey":"1683556693275",)"
    R"("idealScreenSize":"normal","contentDisposition":"inline","osId":"org.ekstep.quiz.app","pkgVersion":1.0,"description":"One step of many.")";

class Courses final : public Load {
 public:
  Courses(const Size& size, const OptionValues& values, std::uint32_t run)
      : size_(size),
        run_(run),
        hierarchies_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.table")},
        sets_{"redis", static_cast<int>(values.integer("redis.database.index"))},
        units_{"dp-redis", static_cast<int>(values.integer("dp-redis.database.index"))} {}

  /// Of the former state: sets of one content, units of no content, and an optional set of every unit.
  Stock before(Part part, std::size_t item) const override {
    const Course course = course_of(part, item);
    Stock stock;
    stock.rows.push_back(
        {.kind = RowWrite::Kind::insert, .table = hierarchies_, .key = {{"identifier", course.id}}, .set = {{"hierarchy", hierarchy(course)}}});
    for (auto& [query, value] : after(part, item, 1).keys) {
      const bool unit = query.kind == CacheKind::text;
      CacheWrite& former = stock.keys.emplace_back(CacheWrite{.kind = CacheWrite::Kind::put_set, .cache = query.cache, .key = query.key, .value = {}});
      if (unit) former.kind = CacheWrite::Kind::put_text;
      former.value = unit ? CacheValue{.text = "{}"} : CacheValue{.members = {course.contents.front(), "do_gone"}};
    }
    return stock;
  }

  std::string event(Part part, std::size_t item, std::size_t round) const override {
    return fmt::format(
        R"({{"eid":"BE_JOB_REQUEST","ets":1683556693275,"mid":"LP.1683556693275.{0}-{1}","actor":{{"id":"Post Publish Processor","type":"System"}},)"
        R"("context":{{"pdata":{{"ver":"1.0","id":"org.sunbird.platform"}},"channel":"0126796199493140480","env":"dev"}},)"
        R"("object":{{"ver":"1683556693275","id":"{0}"}},"edata":{{"action":"post-publish-process","iteration":1,"identifier":"{0}",)"
        R"("mimeType":"{2}","contentType":"Course","pkgVersion":1,"status":"Live","name":"Reading for beginners"}}}})",
        course_of(part, item).id, round, kCollection);
  }

  Findings after(Part part, std::size_t item, std::size_t) const override {
    const Course course = course_of(part, item);
    Findings findings;
    const auto expect = [&](const std::string& node, std::string_view kind, std::vector<std::string> members) {
      std::ranges::sort(members);
      CacheQuery query{.cache = sets_, .kind = CacheKind::set, .key = fmt::format("{}:{}:{}", course.id, node, kind)};
      findings.keys.emplace_back(std::move(query), CacheValue{.members = std::move(members)});
    };
    expect(course.id, "leafnodes", course.contents);
    std::vector<std::string> all_optional;
    for (std::size_t unit = 0; unit < course.units.size(); ++unit) {
      std::vector<std::string> leaf;
      std::vector<std::string> optional;
      for (std::size_t i = unit; i < course.contents.size(); i += course.units.size()) {
        leaf.push_back(course.contents[i]);
        if (is_optional(i)) optional.push_back(course.contents[i]);
      }
      expect(course.units[unit], "leafnodes", std::move(leaf));
      all_optional.insert(all_optional.end(), optional.begin(), optional.end());
      expect(course.units[unit], "optionalnodes", std::move(optional));
    }
    expect(course.id, "optionalnodes", std::move(all_optional));
    for (std::size_t i = 0; i < course.contents.size(); ++i) expect(course.contents[i], "ancestors", {course.id, course.unit_of(i)});
    for (std::size_t unit = 0; unit < course.units.size(); ++unit) {
      findings.keys.emplace_back(CacheQuery{.cache = units_, .kind = CacheKind::text, .key = course.units[unit]}, CacheValue{.text = unit_json(course, unit)});
    }
    return findings;
  }

  std::vector<Outputs> outputs(Part, std::size_t, std::size_t) const override { return {}; }

 private:
  Course course_of(Part part, std::size_t item) const { return make_course(size_, run_, item * kParts + static_cast<std::size_t>(part)); }

  /// The last content of every unit but the first one, which has lost its optional ones.
  bool is_optional(std::size_t content) const { return content % size_.units != 0 && content + size_.units >= size_.contents; }

  static void open_node(JsonWriter& json, const std::string& id, std::string_view mime_type, std::string_view visibility) {
    json.open_object().name("identifier").text(id).name("mimeType").text(mime_type).name("visibility").text(visibility);
  }

  static std::string closed_with_others(std::string node) { return node.append(",").append(kOtherMembers).append("}"); }

  std::string content_json(const Course& course, std::size_t content) const {
    std::string text;
    JsonWriter json(text);
    open_node(json, course.contents[content], "video/mp4", "Default");
    json.name("parent").text(course.unit_of(content)).name("index").integer(static_cast<std::int64_t>(content + 1));
    if (is_optional(content)) json.name("relationalMetadata").raw(R"({"optional":true})");
    return closed_with_others(std::move(text));
  }

  std::string unit_json(const Course& course, std::size_t unit) const {
    std::string text;
    JsonWriter json(text);
    open_node(json, course.units[unit], kCollection, "Parent");
    json.name("children").open_array();
    std::vector<std::string> leaf;
    for (std::size_t i = unit; i < course.contents.size(); i += course.units.size()) {
      json.raw(content_json(course, i));
      leaf.push_back(course.contents[i]);
    }
    json.close_array().name("leafNodes").open_array();
    for (const std::string& id : leaf) json.text(id);
    json.close_array();
    return closed_with_others(std::move(text));
  }

  std::string hierarchy(const Course& course) const {
    std::string text;
    JsonWriter json(text);
    open_node(json, course.id, kCollection, "Default");
    json.name("children").open_array();
    for (std::size_t unit = 0; unit < course.units.size(); ++unit) json.raw(unit_json(course, unit));
    json.close_array();
    return closed_with_others(std::move(text));
  }

  const Size size_;
  const std::uint32_t run_;
  const TableName hierarchies_;
  const CacheId sets_;
  const CacheId units_;
};

}  // namespace

LoadKind courses_kind() {
  LoadKind kind{.name = "courses", .job = "relation-cache-updater", .learners = 2000, .rounds = 5, .limit_items_max = 1000};
  kind.make = [](const Size& size, const OptionValues& values, std::uint32_t run) -> std::unique_ptr<Load> {
    return std::make_unique<Courses>(size, values, run);
  };
  return kind;
}

}  // namespace lernd::bench
