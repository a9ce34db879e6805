// No room for the embedded file: the program stops without committing and says which option to change. With room again it carries on.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cstring>
#include <fstream>

#include "fault/reconciliation_world.h"
#include "integration/program.h"
#include "support/seed.h"

namespace lernd {
namespace {

constexpr int kRequests = 600;
/// Enough to start and to do some of the work, not enough for all of it.
constexpr std::uintmax_t kRoomLeft = 400u << 10;

WorldOptions on_file(std::map<std::string, std::string> set = {}) { return {.learners = 100, .requests = kRequests, .embedded = true, .set = std::move(set)}; }

void expect_stopped(ReconciliationWorld& world, const Command& without_room) {
  const auto stopped = run(without_room, kLimit);
  EXPECT_EQ(stopped.code, 1) << stopped.err;
  const auto lines = lines_with(stopped.err, "lernd run: ");
  ASSERT_EQ(lines.size(), 1u) << stopped.err;
  for (const auto& part : {std::string("cannot be written"), std::string("lernd.embedded.file"), world.values().text("lernd.embedded.file")}) {
    EXPECT_TRUE(lines.front().contains(part)) << "expected in it: " << part << "\n" << lines.front();
  }
  EXPECT_LT(world.committed().value_or(Offset{0}), Offset{kRequests}) << "there was room enough";
}

void expect_finished(ReconciliationWorld& world, const Effects& undisturbed) {
  const auto finished = run(world.command({"--until-end", "--http", "off"}), kLimit);
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(world.committed(), Offset{kRequests + 1}) << "the sample event and the requests";
  expect_same(world.effects(), undisturbed);
}

/// A limit for the files of the process stands for the disk, where nothing may be mounted.
TEST(FullDisk, ALimitOfFileSizeStopsItAndNothingIsLost) {
  ReconciliationWorld world(test_seed(), on_file());
  const Effects undisturbed = world.undisturbed();
  const auto bytes = std::filesystem::file_size(world.values().text("lernd.embedded.file"));
  Command command = world.command({"--until-end", "--http", "off"});
  command.words.insert(command.words.begin(), {"prlimit", "--fsize=" + std::to_string(bytes + kRoomLeft)});
  expect_stopped(world, command);
  expect_finished(world, undisturbed);
}

/// A file system of its own, gone with this object.
class SmallDisk {
 public:
  /// False where nothing may be mounted.
  bool mount() { return mounted_ = ::mount("none", folder_.path().c_str(), "tmpfs", 0, "size=64m") == 0; }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  std::string file(const std::string& name) const { return folder_.file(name); }
  std::uintmax_t room() const { return std::filesystem::space(folder_.path()).available; }

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

TEST(FullDisk, AFileSystemWithoutRoomStopsItAndNothingIsLost) {
  SmallDisk disk;
  if (!disk.mount()) GTEST_SKIP() << "nothing may be mounted here (" << std::strerror(errno) << "); the limit of file size stands for a full disk";
  ReconciliationWorld world(test_seed(), on_file({{"lernd.embedded.file", disk.file("world.sqlite")}}));
  const Effects undisturbed = world.undisturbed();
  ASSERT_GT(disk.room(), kRoomLeft);
  std::ofstream(disk.file("ballast")) << std::string(disk.room() - kRoomLeft, 'x') << std::flush;
  expect_stopped(world, world.command({"--until-end", "--http", "off"}));
  std::filesystem::remove(disk.file("ballast"));
  expect_finished(world, undisturbed);
}

}  // namespace
}  // namespace lernd
