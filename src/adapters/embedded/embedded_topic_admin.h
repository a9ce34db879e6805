#pragma once

#include <memory>

#include "adapters/embedded/database.h"
#include "ports/event_log.h"

namespace lernd {

/// Topics of the file. `produce` is visible at once, unless a transaction of the same database object is open: then it becomes part of that. Creating a topic
/// that is there does nothing.
std::unique_ptr<TopicAdmin> make_embedded_topic_admin(std::shared_ptr<EmbeddedDatabase> database);

}  // namespace lernd
