#pragma once

#include "load.h"

/// The loads, a file each. A new one is a file more, and a word in `load_kinds`.
namespace lernd::bench {

/// Sync requests of learners who are all enrolled in one course. Every second one has finished all contents and must get a certificate request and an audit
/// event; the others have finished every second content. An event more about a learner reads everything again, and writes the aggregates and an enrolment in
/// progress.
LoadKind reconciliation_kind();

/// Merges of pairs of accounts. The source has been in two courses, the target in the first of them with half of the contents: half of the content rows and an
/// aggregate are merged, the others and an enrolment copied. An event more about a pair, with a message id of its own, adds the source's counts once more.
LoadKind merges_kind();

/// Progress messages of one finished content each, of learners enrolled in one course. Every second one has finished all contents, and the first message about
/// them completes the enrolment; the others have finished all but the last. A message more about a learner is about the next content: one that came before is a
/// duplicate and makes no work.
LoadKind progress_kind();

/// Courses published again: the sets in Redis are those of a former state. An event more about a course publishes the same once more.
LoadKind courses_kind();

/// Audit events that make the job read a profile of about 2 KB, from a service that answers at once or after `--service-ms`, and bring an entry of a former
/// state up to date. An event more about a user does the same.
LoadKind profiles_kind();

/// Transfers of all course batches of one owner to another, half of them created by him and half mentored, each with a row and a document. User service and
/// course service answer at once or after `--service-ms`; the search gives 30 batches at a time. An event more about an owner's batches hands them on, from the
/// one who got them to a third one and so forth.
LoadKind transfers_kind();

}  // namespace lernd::bench
