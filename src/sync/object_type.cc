#include "sync/object_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/json.h"

namespace lernd::sync {
namespace {

constexpr std::array kTypes{
    ObjectType{"user", "sunbird", "user", "id", Element::text, {}, true},
    ObjectType{"organisation", "sunbird", "organisation", "id", Element::text, {}, true},
    ObjectType{"location", "sunbird", "location", "id", Element::text, {}, true},
    ObjectType{"batch", "sunbird_courses", "course_batch", "courseid", Element::text_or_object, "courseId"},
    ObjectType{"user_course", "sunbird_courses", "user_enrolments", "userid", Element::object, "userId"},
};

}  // namespace

std::optional<ObjectType> object_type_named(std::string_view word) {
  std::string name(word);
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (name == "org" || name == "organization") name = "organisation";
  const auto found = std::ranges::find(kTypes, name, &ObjectType::name);
  return found == kTypes.end() ? std::nullopt : std::optional(*found);
}

bulk::ObjectLines object_lines(const ObjectType& type) {
  return {.allowed = type.element != Element::text,
          .required = type.element == Element::object,
          .member = std::string(type.member),
          .optional = {"courseId", "batchId"},
          .why_required = fmt::format(R"(type {} wants one JSON object a line, such as {{"userId":"...","courseId":"..."}})", type.name)};
}

std::string line_of(const ObjectType& type, std::string_view id) {
  if (type.element != Element::object) return std::string(id);
  std::string line;
  JsonWriter(line).open_object().name(type.member).text(id).close_object();
  return line;
}

std::string element_of(const ObjectType& type, std::string_view line) {
  if (type.element != Element::text && line.starts_with('{')) return std::string(line);
  std::string element;
  JsonWriter(element).text(line);
  return element;
}

}  // namespace lernd::sync
