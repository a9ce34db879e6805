// The command from outside: its words, its files, its locks.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sync/stub_api.h"
#include "sync/sync_program.h"

namespace lernd::sync {
namespace {

class SyncCommand : public testing::Test {
 protected:
  SyncCommand() {
    program_.write_ids(30);
    api_.play([](const StubRequest&) { return StubReply{.body = kAccepted}; });
  }
  std::map<std::string, std::string> with(std::map<std::string, std::string> parameters) const {
    parameters.try_emplace("sunbird_sync_api_endpoint", api_.url() + "/x");
    return parameters;
  }
  Finished run(std::map<std::string, std::string> parameters = {}) const { return program_.run(with(std::move(parameters))); }

  SyncProgram program_;
  StubApi api_;
};

TEST_F(SyncCommand, TheLauncherFindsTheProgramBesideIt) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(LERND_BINARY, folder.file("lernd"));
  std::filesystem::copy_file(LERND_LAUNCHER, folder.file("Sync_run.sh"));
  const auto help = lernd::run({.words = {"sh", folder.file("Sync_run.sh"), "--help"}});
  EXPECT_EQ(help.code, 0) << help.err;
  EXPECT_TRUE(help.out.contains("Specific users:"));
  std::filesystem::remove(folder.file("lernd"));
  const auto missing = lernd::run({.words = {"sh", folder.file("Sync_run.sh")}, .environment = {{"PATH", "/usr/bin:/bin"}}});
  EXPECT_EQ(missing.code, 2);
}

TEST_F(SyncCommand, FaultsAreToldTogetherAndNothingIsSent) {
  auto command = program_.command(with({{"sunbird_sync_block_size", "x"}}));
  command.words.insert(command.words.end(), {"--context_param", "sunbird_sync_idfile=a", "--context_param", "sunbird_sync_api_key", "hush"});
  const auto finished = lernd::run(command);
  EXPECT_EQ(finished.code, 2);
  for (const char* part : {"sunbird_sync_block_size: `x`", "did you mean `sunbird_sync_id_file`", "sunbird_sync_api_key"})
    EXPECT_TRUE(finished.err.contains(part)) << finished.err;
  EXPECT_FALSE(finished.err.contains("hush"));
  EXPECT_TRUE(api_.calls().empty());
  EXPECT_TRUE(program_.files("Sync").empty());
}

TEST_F(SyncCommand, FileAndEnvironmentAndWords) {
  std::ofstream(program_.file("a.conf")) << "sunbird_sync_api_key=from-file\nsunbird_sync_block_size=30\n";
  auto command = program_.command(with({}));
  command.words.insert(command.words.end(), {"--config", "a.conf"});
  command.environment = {{"SUNBIRD_SYNC_API_KEY", "from-environment"}, {"SUNBIRD_SYNC_BLOCK_SIZE", "30"}};
  const auto finished = lernd::run(command);
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_TRUE(finished.err.contains("chmod 600")) << "others may read the key";
  EXPECT_EQ(api_.calls().size(), 3u) << "the words win";
  EXPECT_EQ(*header_of(api_.calls()[0], "Authorization"), "Bearer from-environment");
}

TEST_F(SyncCommand, SecretsVanishFromTheProcessList) {
  auto command = program_.command(with({{"sunbird_sync_api_key", "hush-key"}}));
  std::string words;
  Process process(command);
  api_.on_call([&](std::size_t) {
    std::ifstream in("/proc/" + std::to_string(process.pid()) + "/cmdline", std::ios::binary);
    words.assign(std::istreambuf_iterator<char>(in), {});
  });
  EXPECT_EQ(process.wait(std::chrono::seconds(60)), 0);
  EXPECT_TRUE(words.contains("sunbird_sync_api_key=***")) << words;
  EXPECT_FALSE(words.contains("hush"));
}

TEST_F(SyncCommand, OneRunOfTheSameIdsAtATime) {
  Process first(program_.command(with({{"sunbird_sync_sleep_time", "600000"}, {"sunbird_sync_progress", "lines"}})));
  ASSERT_TRUE(first.wait_for_output("10/30", std::chrono::seconds(60)));
  const auto second = run();
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(second.err.contains("another run")) << second.err;
  first.kill();
  EXPECT_EQ(run().code, 0);
  EXPECT_EQ(program_.report()["ids"]["done_before"], 10) << "what kill -9 left behind is known";
}

TEST_F(SyncCommand, ResumeAsAsked) {
  EXPECT_EQ(run({{"sunbird_sync_resume", "require"}}).code, 2);
  EXPECT_TRUE(program_.files("SyncCheckpoint").empty());
  api_.play([](const StubRequest& request) { return request.body.contains("\"id-10\"") ? StubReply{.status = 401} : StubReply{.body = kAccepted}; });
  EXPECT_EQ(run().code, 3);
  EXPECT_EQ(run({{"sunbird_sync_resume", "require"}}).code, 3);
  EXPECT_EQ(program_.report()["ids"]["done_before"], 10);
  EXPECT_EQ(run({{"sunbird_sync_resume", "never"}}).code, 3);
  EXPECT_EQ(program_.report()["ids"]["done_before"], 0);
  const auto other = run({{"sunbird_sync_id_pattern", "id-1?[0-9]"}});
  EXPECT_EQ(other.code, 2) << "positions of another list";
  EXPECT_TRUE(other.err.contains("sunbird_sync_resume=never")) << other.err;
}

TEST_F(SyncCommand, ACheckpointThatCannotBeReadIsNotGuessedAt) {
  api_.play([](const StubRequest&) { return StubReply{.status = 401}; });
  EXPECT_EQ(run().code, 3);
  std::ofstream(program_.file(program_.files("SyncCheckpoint_").at(0))) << "{";
  const auto finished = run();
  EXPECT_EQ(finished.code, 2);
  EXPECT_TRUE(finished.err.contains("sunbird_sync_resume=never"));
}

TEST_F(SyncCommand, ADryRunSendsNothing) {
  const auto finished = run({{"dry_run", "true"}, {"sunbird_sync_sleep_time", "10000"}});
  EXPECT_EQ(finished.code, 0);
  EXPECT_TRUE(finished.out.contains("30 in all") && finished.out.contains("30.0 s")) << finished.out;
  EXPECT_TRUE(api_.calls().empty());
  EXPECT_EQ(program_.files("Sync").size(), 1u) << "the report alone";
}

TEST_F(SyncCommand, RejectedLinesAreListed) {
  std::ofstream(program_.file("ids.csv")) << "a\nb c\n\"x,\"\"y\",1\n\xff\n";
  EXPECT_EQ(run().code, 0);
  EXPECT_EQ(program_.newest("SyncRejectedIds_"), "2,space,b c\n4,utf8,\xff\n");
  EXPECT_EQ(program_.report()["lines"]["invalid"], 2);
}

TEST_F(SyncCommand, StandardInputAndAFolderForTheLogs) {
  auto command = program_.command(with({{"sunbird_sync_id_file", "-"}, {"sunbird_sync_log_dir", "a/b"}}));
  std::string line = "printf 'one\\ntwo\\n' |";
  for (const auto& word : command.words) line += " '" + word + "'";
  EXPECT_EQ(lernd::run({.words = {"sh", "-c", line}, .directory = command.directory}).code, 0);
  EXPECT_EQ(ids_of(api_.calls().at(0)), (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(std::filesystem::exists(program_.file("a/b")));
  EXPECT_TRUE(program_.files("Sync").empty());
}

TEST_F(SyncCommand, ManyInFlightSendEachIdOnce) {
  program_.write_ids(1000);
  EXPECT_EQ(run({{"sunbird_sync_concurrency", "8"}, {"sunbird_sync_progress", "lines"}}).code, 0);
  std::map<std::string, int> sent;
  for (const auto& call : api_.calls()) {
    for (const auto& id : ids_of(call)) ++sent[id];
  }
  EXPECT_EQ(sent.size(), 1000u);
  EXPECT_EQ(api_.calls().size(), 100u);
  EXPECT_EQ(program_.report()["blocks"]["ok"], 100);
}

TEST_F(SyncCommand, AFullDiskStopsBeforeAnythingIsLost) {
  auto command = program_.command(with({{"sunbird_sync_block_size", "1"}}));
  std::string line = "ulimit -f 4;";  // in blocks of 512 bytes or 1 KiB
  for (const auto& word : command.words) line += " '" + word + "'";
  const auto full = lernd::run({.words = {"sh", "-c", line}, .directory = command.directory});
  EXPECT_EQ(full.code, 3) << full.err;
  EXPECT_TRUE(full.err.contains("SyncSuccess_")) << full.err;
  api_.take_calls();
  EXPECT_EQ(run().code, 0);
  EXPECT_EQ(program_.report()["resumed"], true);
}

}  // namespace
}  // namespace lernd::sync
