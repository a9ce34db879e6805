#pragma once

#include "core/value.h"
#include "jobs/merge_user_courses/date_format.h"

namespace lernd::merge_user_courses {

/// How one cell of the source and one of the target become the target's. S and T below; where only one of them is set, that one, unread.
///
/// Source: merge-user-courses.md sections 5 and 6.

/// The larger number or the later time; T when the two are of different forms.
const Value& larger(const Value& source, const Value& target);

/// S + T, within the range of a CQL int; T when they are no whole numbers.
Value sum(const Value& source, const Value& target);

/// The text of the later instant. T when S is unreadable or both are the same instant, S when only T is unreadable. `unreadable` counts the texts that were
/// looked at in vain.
const Value& later_text(const Value& source, const Value& target, const DateFormat& format, std::size_t& unreadable);

/// T, or S where T is not set.
const Value& kept(const Value& source, const Value& target);

}  // namespace lernd::merge_user_courses
