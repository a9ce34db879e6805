#pragma once

#include <stddef.h>
#include <stdint.h>

/// The C ABI of the crate in this folder: a transport to Cassandra. It moves statements and serialised cells and knows nothing of values.
///
/// A *cell* is what the CQL protocol calls [bytes]: a big-endian int32 length and that many bytes; the length -1 is null and has none.
/// Ownership: what a function returns is freed by the `_free` function of its type; what it points to lives as long. Arguments are only read during the call.
/// Threads: a session and a prepared statement may be used by any number of threads at once.
/// Panics of the driver end at this boundary: as a failure of kind `lernd_cql_broken`, or null where that is the documented answer.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lernd_cql_text {
  const char* data;  ///< UTF-8, not terminated
  size_t size;
} lernd_cql_text;

typedef struct lernd_cql_options {
  const lernd_cql_text* hosts;  ///< `host:port` each
  size_t host_count;
  lernd_cql_text user;  ///< empty: no authentication
  lernd_cql_text password;
  lernd_cql_text consistency;        ///< of reads and writes, as CQL spells it; empty: LOCAL_QUORUM
  lernd_cql_text local_datacenter;   ///< empty: see `contact_point_datacenter`
  uint8_t contact_point_datacenter;  ///< prefer the data centre of the first contact point that is a known node
  uint8_t tls;
  uint8_t tls_verify_host;       ///< the certificate must name the address of the node
  lernd_cql_text tls_ca_file;    ///< empty: the system's authorities
  lernd_cql_text tls_cert_file;  ///< empty: no client certificate
  lernd_cql_text tls_key_file;
  uint32_t connect_timeout_ms;
  uint32_t request_timeout_ms;
  uint32_t requests_in_flight_max;
  uint32_t page_rows;
  uint32_t io_threads;
} lernd_cql_options;

enum lernd_cql_kind {
  lernd_cql_done = 0,
  lernd_cql_answered = 1,  ///< the server answered with an error: `code` is its CQL code, `text` its message (which may quote keys)
  lernd_cql_timed_out = 2,
  lernd_cql_unreachable = 3,      ///< no connection, or it broke
  lernd_cql_unauthenticated = 4,  ///< the server wants authentication and got none, or refused it
  lernd_cql_untrusted = 5,        ///< the TLS handshake failed for want of trust
  lernd_cql_misconfigured = 6,    ///< an option cannot be used: `code` is a lernd_cql_option
  lernd_cql_unfit = 7,            ///< larger than the protocol allows; `text` says what
  lernd_cql_schema_changed = 8,   ///< the types of the bind markers are not those at the time of `lernd_cql_prepare`
  lernd_cql_broken = 9,           ///< a fault in the driver or its use
};

enum lernd_cql_option {
  lernd_cql_option_tls_ca_file = 1,
  lernd_cql_option_tls_cert_file = 2,
  lernd_cql_option_tls_key_file = 3,
  lernd_cql_option_local_datacenter = 4,
  lernd_cql_option_other = 5,
};

typedef struct lernd_cql_failure {
  int32_t kind;
  int32_t code;
  lernd_cql_text text;
} lernd_cql_failure;

typedef struct lernd_cql_column {
  lernd_cql_text name;
  lernd_cql_text type;  ///< in CQL spelling
} lernd_cql_column;

/// Columns of a result or bind markers of a statement. Shapes with the same `id` are the same for the life of the process.
typedef struct lernd_cql_shape {
  uint64_t id;
  const lernd_cql_column* columns;
  size_t column_count;
} lernd_cql_shape;

typedef struct lernd_cql_session lernd_cql_session;
typedef struct lernd_cql_prepared lernd_cql_prepared;
typedef struct lernd_cql_answers lernd_cql_answers;

typedef struct lernd_cql_statement {
  const lernd_cql_prepared* prepared;
  const uint8_t* cells;  ///< one for each bind marker, one after the other
  size_t size;
} lernd_cql_statement;

/// One statement is executed by itself, with all pages of its result; several are one logged batch.
typedef struct lernd_cql_request {
  const lernd_cql_statement* statements;
  size_t count;
} lernd_cql_request;

/// A place in a result that is read page by page; `size` 0 is its start.
typedef struct lernd_cql_position {
  const uint8_t* data;
  size_t size;
} lernd_cql_position;

typedef struct lernd_cql_answer {
  lernd_cql_failure failure;     ///< kind `lernd_cql_done` when there is none
  const lernd_cql_shape* shape;  ///< null when the statement returns no rows
  const uint8_t* cells;          ///< row by row, as many in each as the shape has columns
  size_t size;
  size_t row_count;
} lernd_cql_answer;

/// Connects. Null with `*failure` set when that is not possible, at the latest after connect_timeout_ms + request_timeout_ms.
lernd_cql_session* lernd_cql_connect(const lernd_cql_options* options, lernd_cql_failure** failure);
void lernd_cql_session_free(lernd_cql_session* session);

/// Prepares a statement on all nodes. Null with `*failure` set when that is not possible.
lernd_cql_prepared* lernd_cql_prepare(lernd_cql_session* session, lernd_cql_text statement, lernd_cql_failure** failure);
const lernd_cql_shape* lernd_cql_bind_markers(const lernd_cql_prepared* prepared);
void lernd_cql_prepared_free(lernd_cql_prepared* prepared);

/// Executes all requests, as many at once as requests_in_flight_max allows over all calls, and returns when each has its answer. Null after a panic.
lernd_cql_answers* lernd_cql_execute(lernd_cql_session* session, const lernd_cql_request* requests, size_t count);
/// Executes one statement for the one page of its result that begins at `from`. The answer has the index 0. Null after a panic.
lernd_cql_answers* lernd_cql_execute_page(lernd_cql_session* session, const lernd_cql_statement* statement, lernd_cql_position from);
/// Where the page behind this one begins; `size` 0 when this was the last.
lernd_cql_position lernd_cql_next_position(const lernd_cql_answers* answers);
/// The answer of the request with this index, which must be less than the count given.
lernd_cql_answer lernd_cql_answer_at(const lernd_cql_answers* answers, size_t index);
void lernd_cql_answers_free(lernd_cql_answers* answers);

/// Sends a statement that changes the schema, and waits until the nodes agree on it. Null when it is done.
lernd_cql_failure* lernd_cql_change_schema(lernd_cql_session* session, lernd_cql_text statement);

void lernd_cql_failure_free(lernd_cql_failure* failure);

#ifdef __cplusplus
}
#endif
