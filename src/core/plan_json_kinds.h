#pragma once

#include <array>
#include <string_view>

namespace lernd {

/// How writer and reader of the JSON form spell the kinds of writes, in the order of the enumerations.
inline constexpr std::array<std::string_view, 3> kWriteKinds = {"update", "insert", "erase"};
inline constexpr std::array<std::string_view, 5> kCacheKinds = {"put_text", "put_set", "put_fields", "put_hash", "erase"};

inline constexpr std::string_view kDocumentKind = "change";
inline constexpr std::string_view kAuditMember = "audit";
inline constexpr std::string_view kWarning = "warning";  ///< third in a remark that is one

}  // namespace lernd
