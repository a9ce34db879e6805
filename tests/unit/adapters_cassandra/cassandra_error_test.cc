#include "adapters/cassandra/cassandra_error.h"

#include <gtest/gtest.h>

#include <string>

#include "adapters/cassandra/driver/driver.h"

namespace lernd::cassandra {
namespace {

Error of(int kind, std::int32_t code, std::string_view text, Deed::Kind deed = Deed::Kind::execute) {
  return error_of({kind, code, text}, {.kind = deed, .servers = "db1:9042", .table = "ks.t"});
}

Error answered(std::int32_t code, std::string_view text, Deed::Kind deed = Deed::Kind::execute) { return of(lernd_cql_answered, code, text, deed); }

void expect(const Error& error, Treatment treatment, ErrorCode code) {
  EXPECT_EQ(name_of(error.treatment), name_of(treatment)) << error.text;
  EXPECT_EQ(name_of(error.code), name_of(code)) << error.text;
}

bool names(const Error& error, std::string_view words) { return error.text.find(words) != std::string::npos; }

TEST(CassandraError, WhatPassesIsRetried) {
  for (const std::int32_t code : {0x0000, 0x1000, 0x1001, 0x1002, 0x1003, 0x1300, 0x1500, 0x1600, 0x2500, 0x7777}) {
    expect(answered(code, "secret"), Treatment::retry, ErrorCode::unavailable);
  }
  for (const std::int32_t code : {0x1100, 0x1200, 0x1700}) expect(answered(code, "secret"), Treatment::retry, ErrorCode::timed_out);
  expect(of(lernd_cql_timed_out, 0, ""), Treatment::retry, ErrorCode::timed_out);
  expect(of(lernd_cql_unreachable, 0, "Connection refused"), Treatment::retry, ErrorCode::unavailable);
}

TEST(CassandraError, AServerThatIsAwayIsNamedWithItsOption) {
  const Error error = of(lernd_cql_unreachable, 0, "Connection refused", Deed::Kind::connect);
  EXPECT_TRUE(names(error, "db1:9042") && names(error, "Connection refused") && names(error, "lms-cassandra.host")) << error.text;
}

TEST(CassandraError, AWrongPasswordIsFatal) {
  const Error error = of(lernd_cql_unauthenticated, 0x0100, "Provided username bob and/or password are incorrect");
  expect(error, Treatment::fatal, ErrorCode::unauthorized);
  EXPECT_TRUE(names(error, "lernd.cassandra.user") && names(error, "lernd.cassandra.password")) << error.text;
  EXPECT_FALSE(names(error, "bob"));
  expect(of(lernd_cql_unauthenticated, 0, "the server wants a user and a password"), Treatment::fatal, ErrorCode::unauthorized);
}

TEST(CassandraError, AServerThatCannotLookTheUserUpIsRetried) {
  expect(of(lernd_cql_unauthenticated, 0x0100, "Unable to perform authentication: Cannot achieve consistency level QUORUM"), Treatment::retry,
         ErrorCode::unavailable);
  expect(answered(0x2100, "Unable to perform authorization of super-user permission"), Treatment::retry, ErrorCode::unavailable);
}

TEST(CassandraError, AMissingPermissionIsFatalAndNamesTheTable) {
  const Error error = answered(0x2100, "User bob has no MODIFY permission on <table ks.t> or any of its parents");
  expect(error, Treatment::fatal, ErrorCode::unauthorized);
  EXPECT_TRUE(names(error, "ks.t") && names(error, "lernd.cassandra.user")) << error.text;
}

TEST(CassandraError, WhatAStatementNamesWronglyIsAFaultOfTheSchema) {
  for (const std::string_view text : {"table none does not exist", "keyspace noks does not exist", "Undefined column name nocol in table ks.t",
                                      "Invalid operation (d = d + ?) for non counter column d"}) {
    const Error error = answered(0x2200, text, Deed::Kind::define);
    expect(error, Treatment::fatal, ErrorCode::schema_mismatch);
    EXPECT_TRUE(names(error, "ks.t") && names(error, text) && names(error, "lernd validate")) << error.text;
  }
}

TEST(CassandraError, ATableThatVanishedUnderAStatementIsAFaultOfTheSchema) {
  for (const std::string_view text :
       {"table t does not exist", "unconfigured table t", "Undefined column name a in table ks.t", "Expected 8 or 0 byte long (4)"}) {
    expect(answered(0x2200, text), Treatment::fatal, ErrorCode::schema_mismatch);
  }
  expect(of(lernd_cql_schema_changed, 0, ""), Treatment::fatal, ErrorCode::schema_mismatch);
}

TEST(CassandraError, AValueTheServerRefusesIsRejectedAndNotQuoted) {
  for (const std::string_view text :
       {"Key may not be empty", "Key length of 70000 is longer than maximum of 65535", "Invalid null value in condition for column p secret",
        "String didn't validate. secret", "Batch too large", "Request is too big: length 17825870 exceeds maximum allowed length 16777216. secret",
        "Rejected an oversized mutation (3145784/1048576) for keyspace: ks. Top keys are: t.secret", "Invalid byte for ascii: secret"}) {
    const Error error = answered(0x2200, text);
    expect(error, Treatment::reject, ErrorCode::malformed_record);
    EXPECT_FALSE(names(error, "secret")) << error.text;
    EXPECT_TRUE(names(error, "ks.t")) << error.text;
  }
  expect(of(lernd_cql_unfit, 0, "a key is longer than 65535 bytes"), Treatment::reject, ErrorCode::malformed_record);
  EXPECT_TRUE(names(answered(0x2200, "Batch too large"), "threshold.batch.write.size"));
}

TEST(CassandraError, TextsOfTheServerAreKeptOutOfAnswersToValues) {
  for (const std::int32_t code : {0x0000, 0x000A, 0x1000, 0x1100, 0x1300, 0x1400, 0x2000, 0x2100, 0x2200, 0x2300, 0x2400, 0x7777}) {
    EXPECT_FALSE(names(answered(code, "secret"), "secret")) << code;
  }
}

TEST(CassandraError, AnOptionThatCannotBeRightIsNamed) {
  const std::pair<int, std::string_view> options[] = {{lernd_cql_option_tls_ca_file, "lernd.cassandra.tls_ca_file"},
                                                      {lernd_cql_option_tls_cert_file, "lernd.cassandra.tls_cert_file"},
                                                      {lernd_cql_option_tls_key_file, "lernd.cassandra.tls_key_file"},
                                                      {lernd_cql_option_local_datacenter, "lernd.cassandra.local_datacenter"}};
  for (const auto& [option, name] : options) {
    const Error error = of(lernd_cql_misconfigured, option, "no such file", Deed::Kind::connect);
    expect(error, Treatment::fatal, ErrorCode::invalid_option);
    EXPECT_TRUE(names(error, name) && names(error, "no such file")) << error.text;
  }
  const Error untrusted = of(lernd_cql_untrusted, 0, "certificate verify failed", Deed::Kind::connect);
  expect(untrusted, Treatment::fatal, ErrorCode::unauthorized);
  EXPECT_TRUE(names(untrusted, "lernd.cassandra.tls_ca_file")) << untrusted.text;
}

TEST(CassandraError, FaultsOfTheDriverAndOfTheProtocolAreFatal) {
  expect(of(lernd_cql_broken, 0, "panic"), Treatment::fatal, ErrorCode::internal);
  expect(answered(0x000A, ""), Treatment::fatal, ErrorCode::internal);
  expect(answered(0x2000, ""), Treatment::fatal, ErrorCode::internal);
}

}  // namespace
}  // namespace lernd::cassandra
