#include "core/error.h"

#include <array>
#include <utility>

namespace lernd {
namespace {

constexpr std::array kTreatments = {
    std::pair{Treatment::skip, std::string_view("skip")},
    std::pair{Treatment::reject, std::string_view("reject")},
    std::pair{Treatment::retry, std::string_view("retry")},
    std::pair{Treatment::fatal, std::string_view("fatal")},
};

constexpr std::array kCodes = {
    std::pair{ErrorCode::malformed_record, std::string_view("malformed_record")},
    std::pair{ErrorCode::oversized_record, std::string_view("oversized_record")},
    std::pair{ErrorCode::not_for_this_job, std::string_view("not_for_this_job")},
    std::pair{ErrorCode::unpublished_course, std::string_view("unpublished_course")},
    std::pair{ErrorCode::malformed_row, std::string_view("malformed_row")},
    std::pair{ErrorCode::bad_answer, std::string_view("bad_answer")},
    std::pair{ErrorCode::unavailable, std::string_view("unavailable")},
    std::pair{ErrorCode::timed_out, std::string_view("timed_out")},
    std::pair{ErrorCode::service_away, std::string_view("service_away")},
    std::pair{ErrorCode::unauthorized, std::string_view("unauthorized")},
    std::pair{ErrorCode::schema_mismatch, std::string_view("schema_mismatch")},
    std::pair{ErrorCode::not_found, std::string_view("not_found")},
    std::pair{ErrorCode::invalid_option, std::string_view("invalid_option")},
    std::pair{ErrorCode::disk_full, std::string_view("disk_full")},
    std::pair{ErrorCode::fenced, std::string_view("fenced")},
    std::pair{ErrorCode::corrupt, std::string_view("corrupt")},
    std::pair{ErrorCode::internal, std::string_view("internal")},
};

template <class Table, class Key>
std::string_view name_in(const Table& table, Key key) {
  for (const auto& [value, name] : table) {
    if (value == key) return name;
  }
  return "internal";
}

template <class Table, class Key>
Key key_in(const Table& table, std::string_view name, Key otherwise) {
  for (const auto& [value, known] : table) {
    if (known == name) return value;
  }
  return otherwise;
}

}  // namespace

std::string_view name_of(Treatment treatment) { return name_in(kTreatments, treatment); }
std::string_view name_of(ErrorCode code) { return name_in(kCodes, code); }
ErrorCode error_code_named(std::string_view name) { return key_in(kCodes, name, ErrorCode::internal); }
Treatment treatment_named(std::string_view name) { return key_in(kTreatments, name, Treatment::fatal); }

}  // namespace lernd
