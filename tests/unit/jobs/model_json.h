#pragma once

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

/// How the models of the jobs read JSON: what is missing, or no object, is null.
namespace lernd::model_json {

inline std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

inline nlohmann::json at(const nlohmann::json& json, const std::string& name) {
  return json.is_object() && json.contains(name) ? json[name] : nlohmann::json();
}

inline std::string string_at(const nlohmann::json& json, const std::string& name) {
  return at(json, name).is_string() ? at(json, name).get<std::string>() : "";
}

}  // namespace lernd::model_json
