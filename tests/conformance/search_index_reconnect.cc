// For search indices behind a server: it went away and came back, took no writes, or knows its fields by mappings of the platform.
#include "conformance/search_index_suite.h"

namespace lernd {
namespace {

using Ids = std::vector<std::string>;

TEST_P(SearchIndexSuite, TheIndexFindsItsServerAgain) {
  put("b1", R"({"n":1})");
  ASSERT_NO_FATAL_FAILURE(backend_->restart());
  // What fails until the connection is back must say that it may pass.
  ASSERT_TRUE(eventually([&] {
    const auto document = read(id("b1"));
    EXPECT_TRUE(document || failed(document, Treatment::retry));
    return document.has_value() || HasFailure();
  }));
  EXPECT_TRUE(gives(update("b1", R"({"n":2})"), true)) << "versions survive";
  EXPECT_TRUE(same_json(stored("b1").source, R"({"n":2})"));
}

TEST_P(SearchIndexSuite, AnIndexThatIsReadOnlyMayBecomeWritableAgain) {
  put("b1", R"({"n":1})");
  const auto version = stored("b1").version;
  ASSERT_NO_FATAL_FAILURE(backend_->set_read_only(name_, true));
  EXPECT_TRUE(failed(update(id("b1"), R"({"n":2})", version), Treatment::retry, ErrorCode::service_away, {name_, "read-only"}));
  EXPECT_EQ(stored("b1").version, version) << "it can be read";
  ASSERT_NO_FATAL_FAILURE(backend_->set_read_only(name_, false));
  EXPECT_TRUE(gives(update(id("b1"), R"({"n":2})", version), true));
}

TEST_P(SearchIndexSuite, ADocumentThatTheMappingRefusesIsRejectedByItself) {
  put("b1", R"({"status":1})");
  put("b2", R"({"status":1})");
  const std::vector<DocumentUpdate> updates{{id("b1"), R"({"status":"marked-value"})", stored("b1").version},
                                            {id("b2"), R"({"status":2})", stored("b2").version}};
  const auto answers = index_->update(updates);
  EXPECT_TRUE(failed(answers[0], Treatment::reject, ErrorCode::schema_mismatch, {name_}));
  EXPECT_FALSE(answers[0].error().text.contains("marked")) << answers[0].error().text;
  EXPECT_TRUE(gives(answers[1], true));
}

/// As a cluster makes them by itself, and as the platform has them.
TEST_P(SearchIndexSuite, SearchesFindTextsInAnyKindOfField) {
  for (
      const auto* mappings :
      {"{}", R"({"properties":{"createdBy":{"type":"text"},"mentors":{"type":"keyword"}}})",
       R"({"properties":{"createdBy":{"type":"text","fields":{"raw":{"type":"text","analyzer":"keyword"}}},"mentors":{"type":"keyword","normalizer":"lowercase"}}})"}) {
    ASSERT_TRUE(ok(index_->remove(name_)));
    ASSERT_NO_FATAL_FAILURE(backend_->create_mapped(name_, mappings));
    put("b1", R"({"createdBy":"72d8cd69-2469-4234-82e7-6b849e0a28d9","mentors":["a b","C"]})");
    put("b2", R"({"createdBy":"72d8cd69-2469-4234-82e7-6b849e0a28d8","mentors":["b a","c"]})");
    put("b3", R"({"createdBy":"6b849e0a28d9 82e7-4234-2469-72d8cd69","mentors":["a"]})");
    EXPECT_EQ(found({{"createdBy", "72d8cd69-2469-4234-82e7-6b849e0a28d9"}}), Ids{"b1"}) << mappings;
    EXPECT_EQ(found({{"mentors", "a b"}}), Ids{"b1"}) << mappings;
    EXPECT_EQ(found({{"mentors", "c"}}), Ids{"b2"}) << mappings;
  }
}

}  // namespace
}  // namespace lernd
