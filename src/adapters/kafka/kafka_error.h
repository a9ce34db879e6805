#pragma once

#include <librdkafka/rdkafka.h>

#include <string_view>

#include "core/error.h"

namespace lernd {

/// What an error code of librdkafka or of a broker means for us. Pure.
///
/// `doing`   what was tried and with what, for the text: `reading topic t`.
/// `detail`  more words of librdkafka, already free of secrets; may be empty.
/// Returns   `fatal` for what an operator must mend (authorisation, a missing topic, an option), `reject` for a record the broker refuses, `retry` for all
/// else.
///           `fenced` stands for every code that says: the member or the producer is not the one the broker knows.
Error kafka_error(rd_kafka_resp_err_t code, std::string_view doing, std::string_view detail = {});

}  // namespace lernd
