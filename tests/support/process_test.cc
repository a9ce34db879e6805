#include "support/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;

Command shell(std::string script) { return {.words = {"sh", "-c", std::move(script)}}; }

TEST(Process, GivesExitCodeAndBothOutputs) {
  const Finished finished = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(finished.code, 3);
  EXPECT_EQ(finished.out, "out\n");
  EXPECT_EQ(finished.err, "err\n");
}

TEST(Process, KeepsOutputLargerThanAPipe) { EXPECT_EQ(run(shell("head -c 1000000 /dev/zero")).out.size(), 1'000'000U); }

TEST(Process, PassesArgumentsEnvironmentAndFolder) {
  Command command = shell("echo \"$1 $LERND_WORD\"; pwd");
  command.words.insert(command.words.end(), {"sh", "a b"});
  command.environment = {{"LERND_WORD", "c d"}};
  command.directory = "/";
  EXPECT_EQ(run(command).out, "a b c d\n/\n");
}

TEST(Process, AppendsToFiles) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("lernd-process-test-" + std::to_string(getpid()));
  Command command = shell("echo line");
  command.out_file = file;
  EXPECT_EQ(run(command).code, 0);
  EXPECT_EQ(run(command).code, 0);
  std::ifstream stream(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "line\nline\n");
  std::filesystem::remove(file);
}

TEST(Process, RefusesAProgramThatIsNotThere) {
  EXPECT_THROW(Process({.words = {"/nowhere/program"}}), std::system_error);
  EXPECT_THROW(Process({.words = {"true"}, .environment = {}, .directory = "/nowhere"}), std::system_error);
}

TEST(Process, WaitGivesNothingWhileItRuns) {
  Process process(shell("exec sleep 600"));
  EXPECT_EQ(process.wait(1ms), std::nullopt);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(kPatience), 128 + SIGTERM);
  process.signal(SIGTERM);
  process.kill();
  EXPECT_EQ(process.wait(0ms), 128 + SIGTERM);
}

TEST(Process, RunKillsACommandThatTakesTooLong) { EXPECT_EQ(run(shell("exec sleep 600"), 10ms).code, 128 + SIGKILL); }

TEST(Process, WaitsForOutput) {
  Process process(shell("echo ready; exec sleep 600"));
  EXPECT_TRUE(process.wait_for_output("ready", kPatience));
  EXPECT_FALSE(process.wait_for_output("done", 1ms));
  Process silent(shell("exit 0"));
  EXPECT_FALSE(silent.wait_for_output("ready", kPatience));
}

TEST(Process, EndsWithItsOwner) {
  pid_t pid = 0;
  {
    const Process process(shell("exec sleep 600"));
    pid = process.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Process, AssigningEndsTheFormerOne) {
  Process process(shell("exec sleep 600"));
  const pid_t former = process.pid();
  process = Process(shell("exec sleep 600"));
  EXPECT_EQ(::kill(former, 0), -1);
  EXPECT_EQ(::kill(process.pid(), 0), 0);
}

}  // namespace
}  // namespace lernd
