package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import java.nio.file.Path;
import java.util.Map;

/** The disk is pulled under aio-stress, as in the tests of the kernel patches. */
class StressFaultIT {
  private static final int ENOUGH_WRITES = 500;
  private static final int SECONDS_TO_GO_ON = 5;

  private interface Pull {
    void run() throws Exception;
  }

  /** Pulls during the run; each issued request ends once, with errors and no wrong byte. */
  private static void pull(Layer layer, Run run, Disk disk, Path file, Pull pull) throws Exception {
    Stress stress = run.own(new Stress(run.work(), layer, file, SECONDS_TO_GO_ON));
    long before = disk.faults().counts().writes();
    Wait.until(() -> disk.faults().counts().writes() > before + ENOUGH_WRITES, stress::toString);
    pull.run();
    check(run, stress, Stress.IO_ERRORS);
  }

  private static void check(Run run, Stress stress, int expectedExit) throws Exception {
    Map<String, Integer> result = stress.result();
    run.add(
        new Account(
            result.get("issued"),
            result.get("ended") - result.get("failed") - result.get("lost"),
            result.get("failed"),
            result.get("lost"),
            result.get("issued") - result.get("ended"),
            result.get("duplicate")));
    assertEquals(expectedExit, result.get("exit"), stress::toString);
    assertEquals(result.get("issued"), result.get("ended"), stress::toString);
    for (String none : new String[] {"lost", "duplicate", "unknown", "differing", "threads-left"}) {
      assertEquals(0, result.get(none), () -> none + " in " + stress);
    }
    run.note(stress.errors());
  }

  @Fault("aio-stress: file system shut down, ext4")
  void ext4(Layer layer, Run run) throws Exception {
    fileSystem(layer, run, FileSystem.EXT4);
  }

  @Fault("aio-stress: file system shut down, xfs")
  void xfs(Layer layer, Run run) throws Exception {
    fileSystem(layer, run, FileSystem.XFS);
  }

  private static void fileSystem(Layer layer, Run run, FileSystem type) throws Exception {
    Disk disk = run.disk(type);
    Path root = disk.mount().path();
    pull(layer, run, disk, root.resolve("f"), () -> Command.run(Natives.path("goingdown"), root));
  }

  @Fault("aio-stress: backing store gone (FUSE server killed), ext4")
  void backingStoreGone(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    pull(layer, run, disk, disk.mount().path().resolve("f"), disk.faults()::kill);
  }

  @Fault("aio-stress: backing store gone (FUSE server killed), xfs")
  void backingStoreOfXfsGone(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.XFS);
    pull(layer, run, disk, disk.mount().path().resolve("f"), disk.faults()::kill);
  }

  /** Sectors fail for a while, and then recover; all data is checked at the end. */
  @Fault("aio-stress: single sectors failing for a while")
  void singleSectors(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", 8 << 20);
    Stress stress = run.own(new Stress(run.work(), layer, file, 6));
    long before = disk.faults().counts().writes();
    Wait.until(() -> disk.faults().counts().writes() > before + ENOUGH_WRITES, stress::toString);
    for (int i = 0; i < 8; i++) {
      disk.failWrites(file, Range.of(i * (1L << 20) + 4096, 4096), Errno.EIO);
    }
    Wait.until(() -> disk.faults().counts().failed() >= 20, stress::toString);
    disk.release();
    check(run, stress, Stress.IO_ERRORS);
    assertTrue(run.account().failed() >= 20, stress::toString);
  }
}
