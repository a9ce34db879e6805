#include "sync/checkpoint.h"

#include <gtest/gtest.h>

#include <fstream>

#include "conformance/temporary_folder.h"
#include "support/must.h"

namespace lernd::sync {
namespace {

Checkpoint sample() {
  Checkpoint checkpoint{.fingerprint = "f", .source = "a.csv", .total = 100, .bytes = 1000, .list_sha256 = "s", .failed = 3, .done = {}};
  checkpoint.done.add(0, 10);
  checkpoint.done.add(20, 25);
  return checkpoint;
}

Options options_with(std::string endpoint, std::string file) {
  Options options;
  options.type = *object_type_named("user");
  options.endpoint = std::move(endpoint);
  options.id_file = std::move(file);
  options.keyspace = "k";
  return options;
}

TEST(SyncCheckpoint, ReadsBackWhatWasWritten) { EXPECT_EQ(must(read_checkpoint(checkpoint_json(sample()))), sample()); }

TEST(SyncCheckpoint, TakesNothingElse) {
  const auto good = checkpoint_json(sample());
  for (const auto& [from, to] : std::map<std::string, std::string>{{"\"format\":1", "\"format\":2"},
                                                                   {"[20,25]", "[20,101]"},
                                                                   {"[20,25]", "[25,20]"},
                                                                   {"[20,25]", "[-1,2]"},
                                                                   {"[20,25]", "7"},
                                                                   {"\"total\":100", "\"total\":\"x\""},
                                                                   {"list_sha256", "list"},
                                                                   {"{", "["}}) {
    auto bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(read_checkpoint(bad)) << bad;
  }
  EXPECT_FALSE(read_checkpoint(""));
}

TEST(SyncCheckpoint, TheFingerprintIsOfTheSourceAndTheAim) {
  const auto base = fingerprint(options_with("http://a", "x"), "content");
  EXPECT_EQ(base.size(), 64u);
  EXPECT_EQ(fingerprint(options_with("http://a", "y"), "content"), base) << "the name of the file does not count";
  EXPECT_NE(fingerprint(options_with("http://a", "x"), "other"), base);
  EXPECT_NE(fingerprint(options_with("http://b", "x"), "content"), base);
  EXPECT_NE(fingerprint(options_with("http://a", ""), "content"), base);
  auto options = options_with("http://a", "x");
  options.api_key = "k";
  options.block_size = 7;
  EXPECT_EQ(fingerprint(options, "content"), base);
  options.verify = true;
  EXPECT_NE(fingerprint(options, "content"), base);
}

TEST(SyncCheckpoint, HoldsWhatWasNotedSince) {
  const TemporaryFolder folder;
  const auto path = folder.file("c.json");
  {
    const auto file = must(bulk::CheckpointFile::open(path, "option"));
    EXPECT_FALSE(must(load(file)));
    must(file.save(checkpoint_json(sample())));
    must(note(file, 30, 40));
    std::ofstream(path + ".tail", std::ios::app) << "nonsense\n90 200\n50 55\n60 7";  // a cut line at the end, and what nobody wrote
  }
  const auto file = must(bulk::CheckpointFile::open(path, "option"));
  auto expected = sample();
  expected.done.add(30, 40);
  expected.done.add(50, 55);
  EXPECT_EQ(must(load(file)), expected);
  must(file.save("{}"));
  EXPECT_EQ(load(file).error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace lernd::sync
