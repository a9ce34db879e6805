#include "bulk/id_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "support/seed.h"

namespace lernd::bulk {
namespace {

struct Outcome {
  std::vector<std::string> ids;
  std::vector<std::string> rejected;  ///< number, reason, value
  LineCounts counts;
  bool other_columns = false;
  std::string error;
  bool operator==(const Outcome&) const = default;
};

IdReader::Rules rules() { return {}; }

IdReader::Rules objects(bool required) {
  return {.objects = {.allowed = true, .required = required, .member = "courseId", .optional = {"batchId"}, .why_required = "that will not do"}};
}

Outcome read(const std::vector<std::string_view>& pieces, IdReader::Rules rules = bulk::rules()) {
  Outcome out;
  IdReader reader(
      std::move(rules),
      [&](std::string_view id) {
        out.ids.emplace_back(id);
        return Result<void>();
      },
      [&](std::int64_t number, std::string_view reason, std::string_view value) {
        out.rejected.push_back(std::to_string(number) + " " + std::string(reason) + " " + std::string(value));
        return Result<void>();
      });
  Result<void> done;
  for (const auto piece : pieces) {
    if (done) done = reader.feed(piece);
  }
  if (done) done = reader.finish();
  if (!done) out.error = done.error().text;
  out.counts = reader.counts();
  out.other_columns = reader.other_columns();
  return out;
}

Outcome read(std::string_view text) { return read(std::vector{text}); }
Outcome read(std::string_view text, IdReader::Rules rules) { return read(std::vector{text}, std::move(rules)); }

using Ids = std::vector<std::string>;

TEST(BulkIdReader, MarksLineEndsBlanksAndQuotes) {
  const auto out = read(
      "\xef\xbb\xbf"
      "a\r\n\r\n  b\t\r\n\" c \"\r\na\r\n   \r\n\"\"\nd");
  EXPECT_EQ(out.ids, (Ids{"a", "b", "c", "d"}));
  EXPECT_EQ(out.counts, (LineCounts{.read = 8, .blank = 3, .header = 0, .duplicate = 1, .invalid = 0}));
}

TEST(BulkIdReader, WhatComesInPiecesIsTheSame) {
  const std::string text = "\xef\xbb\xbfuserid\nid-1\r\n\"q\"\"1\",x\r\nbad id\n\xc3\xa9\n\n" + std::string(2'000'000, 'z') + "\nlast";
  const auto whole = read(text);
  EXPECT_EQ(whole.ids, (Ids{"id-1", "q\"1", "\xc3\xa9", "last"}));
  EXPECT_EQ(whole.counts, (LineCounts{.read = 8, .blank = 1, .header = 1, .duplicate = 0, .invalid = 2}));
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string_view> pieces;
    for (std::string_view rest = text; !rest.empty();) {
      const auto size = std::min<std::size_t>(rest.size(), random() % (round % 2 == 0 ? 7 : 700'000));
      pieces.push_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    ASSERT_EQ(read(pieces), whole);
  }
}

TEST(BulkIdReader, OtherEncodingsAreNamed) {
  EXPECT_TRUE(read(std::string_view("\xff\xfe"
                                    "a\0\n\0",
                                    6))
                  .error.contains("UTF-16"));
  EXPECT_TRUE(read(std::string_view("\xfe\xff\0a", 4)).error.contains("UTF-16"));
  EXPECT_TRUE(read("\xff\xfe").error.contains("UTF-16"));
  EXPECT_TRUE(read(std::string_view("a\0b\0", 4)).error.contains("UTF-16"));
  EXPECT_TRUE(read(std::string_view("abcdef\nx\0", 9)).error.contains("zero byte"));
  EXPECT_TRUE(read({"abcdef\nx\n", std::string_view("\0", 1)}).error.contains("zero byte"));
}

TEST(BulkIdReader, RejectsWhatIsNoId) {
  const std::string long_id(257, 'a');
  const auto out = read(
      "a b\nc\x01"
      "d\n\xff\xfe\n" +
      long_id + "\n" + std::string(256, 'a') + "\nx\xc2\xa0y\nm\rn\n\"open\n\"a\"b\n");
  EXPECT_EQ(out.ids, (Ids{std::string(256, 'a')}));
  EXPECT_EQ(out.rejected, (Ids{"1 space a b",
                               "2 control c\x01"
                               "d",
                               "3 utf8 \xff\xfe", "4 length " + long_id, "6 space x\xc2\xa0y", "7 control m\rn", "8 quote \"open", "9 quote \"a\"b"}));
  EXPECT_EQ(out.counts.invalid, 8);
}

TEST(BulkIdReader, AnEndlessLineTakesNoMemory) {
  const std::string piece(100'000, 'x');
  const std::vector<std::string_view> pieces(50, piece);
  const auto out = read(pieces);
  EXPECT_EQ(out.counts, (LineCounts{.read = 1, .blank = 0, .header = 0, .duplicate = 0, .invalid = 1}));
  EXPECT_TRUE(out.rejected.at(0).starts_with("1 length "));
  EXPECT_LT(out.rejected[0].size(), 300u);
}

TEST(BulkIdReader, TakesTheColumnAskedFor) {
  auto second = rules();
  second.column = 2;
  const auto out = read("1, \"a,b\" ,z\n2,c\n3\n,\n", second);
  EXPECT_EQ(out.ids, (Ids{"a,b", "c"}));
  EXPECT_EQ(out.counts.blank, 2);
  EXPECT_TRUE(out.other_columns);
  EXPECT_FALSE(read("a\nb\n").other_columns);
  EXPECT_TRUE(read("a,1\n").other_columns);
}

TEST(BulkIdReader, AHeaderIsOneOnTheFirstLineOnly) {
  EXPECT_EQ(read("\"UserId\"\nid\nx\n").ids, (Ids{"id", "x"}));
  EXPECT_EQ(read("\nid\n").ids, (Ids{"id"}));
  EXPECT_EQ(read("identifiers\n").ids, (Ids{"identifiers"}));
}

TEST(BulkIdReader, APatternMustMatchAsAWhole) {
  auto digits = rules();
  digits.pattern = "[0-9]+";
  const auto out = read("12\n1a\na1\n", digits);
  EXPECT_EQ(out.ids, (Ids{"12"}));
  EXPECT_EQ(out.rejected, (Ids{"2 pattern 1a", "3 pattern a1"}));
}

TEST(BulkIdReader, RepeatsMayBeKept) {
  auto all = rules();
  all.dedupe = false;
  EXPECT_EQ(read("a\na\n", all).ids, (Ids{"a", "a"}));
}

TEST(BulkIdReader, ObjectsWhereTheyMayBe) {
  const auto out =
      read("{ \"courseId\" : \"c1\", \"batchId\":\"b1\" }\ndo_2\n{\"batchId\":\"b\"}\n{\"courseId\":\"a b\"}\n{\"courseId\":\"c1\",\"batchId\":7}\n{\n",
           objects(false));
  EXPECT_EQ(out.ids, (Ids{R"({"courseId":"c1","batchId":"b1"})", "do_2"}));
  EXPECT_EQ(out.rejected.size(), 4u);
  EXPECT_EQ(read("{\"courseId\":\"u\"}\n", objects(true)).ids, (Ids{R"({"courseId":"u"})"}));
  EXPECT_EQ(read("{\"courseId\":\"u\"}\nplain\n", objects(true)).error, "line 2 is a plain id, but that will not do");
  EXPECT_EQ(read("{x}\n").ids, (Ids{"{x}"})) << "elsewhere it is an id like any other";
}

TEST(BulkIdReader, AnEmptyFileHasNoLines) {
  EXPECT_EQ(read("").counts, LineCounts());
  EXPECT_EQ(read("\xef\xbb\xbf").counts, LineCounts());
  EXPECT_EQ(read("a").ids, (Ids{"a"}));
}

}  // namespace
}  // namespace lernd::bulk
