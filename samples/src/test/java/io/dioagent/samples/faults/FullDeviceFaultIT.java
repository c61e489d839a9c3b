package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Space or a limit ends in the middle of a write. */
class FullDeviceFaultIT {
  private static final int WRITE = 64 << 10;
  private static final int MIB = 1 << 20;

  /**
   * The file is fully allocated, and the device below it has no space for its writes. The pool is
   * ext4, which writes all or nothing: a loop device reports a short write as success.
   */
  @Fault("thin pool full: loop device on a sparse file in an ext4 that is too small")
  void thinPool(Layer layer, Run run) throws Exception {
    int length = 16 * MIB;
    Disk pool = run.disk(FileSystem.EXT4);
    Path poolPath = pool.mount().path();
    Path image = poolPath.resolve("image");
    FileSystem type = FileSystem.EXT4_WITHOUT_JOURNAL;
    Command.run("truncate", "--size=" + type.diskBytes(), image);
    LoopDevice loop = run.own(new LoopDevice(image, 512));
    Path mountPoint = run.work().newDirectory("thin");
    Mount mount = run.own(Mount.make(type, loop.device(), mountPoint));
    Path file = Disk.zeros(mountPoint.resolve("f"), length);
    Command.run("sync", "--file-system", file);
    for (Range range : Disk.extents(file, Range.of(0, length))) {
      Command.run(
          "fallocate", "--punch-hole", "--offset", range.from(), "--length", range.length(), image);
    }
    Command.run("sync", "--file-system", image);
    Path filler = poolPath.resolve("filler");
    long freeBytes = Files.getFileStore(poolPath).getUnallocatedSpace();
    Command.run("fallocate", "--length", freeBytes - length / 2, filler);
    Application application = run.start(layer, file);
    int failed = 0;
    for (int at = 0; at < length; at += WRITE) {
      Ending ending = application.await(application.write(at, WRITE));
      if (ending.failed()) {
        failed++;
        assertEquals("No space left on device", ending.error());
      } else {
        assertEquals(WRITE, ending.result());
      }
    }
    assertTrue(failed > length / WRITE / 4, failed + " failed");
    Files.delete(filler);
    Command.run("sync", "--file-system", image);
    assertFalse(application.await(application.write(length - WRITE, WRITE)).failed());
    run.end(application);
    mount.remount("ro");
    Model.check(file, length, application.requests());
  }

  @Fault("full file system: extending, ext4")
  void extending(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.mount().path().resolve("f");
    Application application = run.start(layer, file);
    long at = 0;
    Ending last = new Ending(0, Duration.ZERO, null);
    for (; !last.failed(); at += Math.max(0, last.result())) {
      assertTrue(at < FileSystem.EXT4.diskBytes(), "the disk takes more than it has");
      last = application.await(application.write(at, MIB));
    }
    assertEquals("No space left on device", last.error());
    run.end(application);
    disk.remount();
    long size = Files.size(file);
    // A queue reports the error of a short write, the other layers its bytes.
    long most = layer == Layer.QUEUE ? at + MIB : at;
    assertTrue(at <= size && size <= most, size + " bytes, expected " + at + " to " + most);
    Model.check(file, at, application.requests());
  }

  @Fault("short result: full tmpfs")
  void fullMemory(Layer layer, Run run) throws Exception {
    Path mountPoint = run.work().newDirectory("memory");
    Mount mount = run.own(Mount.memory(mountPoint, 2 * MIB));
    Path file = mountPoint.resolve("f");
    Application application = run.start(layer, file);
    assertEquals(MIB - WRITE, application.await(application.write(0, MIB - WRITE)).result());
    assertEquals(WRITE, application.await(application.write(MIB - WRITE, WRITE)).result());
    assertEquals(9 * WRITE, application.await(application.write(MIB, 9 * WRITE)).result());
    // Space for 7 is left.
    Ending ending = application.await(application.write(MIB + 9 * WRITE, MIB));
    assertTrue(0 < ending.result() && ending.result() <= 7 * WRITE, "" + ending);
    long edge = MIB + 9 * WRITE + ending.result();
    ending = application.await(application.write(edge, WRITE));
    assertEquals("No space left on device", ending.error());
    mount.remount("size=" + 16 * MIB);
    assertFalse(application.await(application.write(edge, WRITE)).failed());
    run.end(application);
    Model.check(file, edge + WRITE, application.requests());
  }

  @Fault("short result: FUSE without asynchronous direct I/O, at a multiple of 4096")
  void shortAligned(Layer layer, Run run) throws Exception {
    shortResult(layer, run, 5 * WRITE + 3 * 4096);
  }

  @Fault("short result: FUSE without asynchronous direct I/O, at an odd offset")
  void shortOdd(Layer layer, Run run) throws Exception {
    shortResult(layer, run, 5 * WRITE + 3 * 4096 + 777);
  }

  /** Invisible to the writer: the rest is written from the position where the device stopped. */
  private static void shortResult(Layer layer, Run run, long edge) throws Exception {
    FaultFs faults = run.own(new FaultFs(run.work(), MIB, true));
    faults.shorten(FaultFs.Op.WRITE, Range.of(edge, 1));
    Application application = run.start(layer, faults.disk());
    List<Request> requests = new ArrayList<>();
    for (int at = 0; at < MIB; at += WRITE) {
      requests.add(application.write(at, WRITE));
    }
    application.awaitAll();
    for (Request request : requests) {
      assertEquals(WRITE, request.ending().result(), "" + request);
    }
    run.end(application);
    Model.check(faults.backing(), MIB, application.requests());
  }

  @Fault("file-size limit: prlimit --fsize on the live process")
  void fileSizeLimit(Layer layer, Run run) throws Exception {
    int limit = 8 * MIB;
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.mount().path().resolve("f");
    Application application = run.start(layer, file);
    int first = limit - 3 * MIB / 2;
    assertEquals(MIB, application.await(application.write(first, MIB)).result());
    Command.run("prlimit", "--pid", application.pid(), "--fsize=" + limit + ":");
    Ending atEdge = application.await(application.write(limit - MIB / 2, MIB));
    if (layer == Layer.QUEUE) {
      // As in the kernel, an error hides the bytes before it.
      assertEquals(Errno.message(Errno.EFBIG), atEdge.error());
    } else {
      assertEquals(MIB / 2, atEdge.result(), "" + atEdge);
    }
    Ending behind = application.await(application.write(limit, WRITE));
    assertEquals(Errno.message(Errno.EFBIG), behind.error());
    Command.run("prlimit", "--pid", application.pid(), "--fsize=unlimited:");
    assertEquals(WRITE, application.await(application.write(limit, WRITE)).result());
    run.end(application);
    disk.remount();
    Model.check(file, limit + WRITE, application.requests());
  }

  @Fault("short result: btrfs quota")
  void quota(Layer layer, Run run) throws Exception {
    Run.skipUnless(Command.exists("mkfs.btrfs"), "no mkfs.btrfs here: install btrfs-progs");
    Path image = run.work().resolve("image");
    Command.run("truncate", "--size=" + 256 * MIB, image);
    LoopDevice loop = run.own(new LoopDevice(image, 512));
    Path mountPoint = run.work().newDirectory("disk");
    run.own(Mount.make(FileSystem.BTRFS, loop.device(), mountPoint));
    Command.run("btrfs", "quota", "enable", mountPoint);
    Command.run("btrfs", "qgroup", "limit", 16 * MIB, mountPoint);
    Path file = mountPoint.resolve("f");
    Application application = run.start(layer, file);
    Ending last = new Ending(0, Duration.ZERO, null);
    long at = 0;
    for (; !last.failed(); at += Math.max(0, last.result())) {
      assertTrue(at < 64 * MIB, "the quota does not hold");
      last = application.await(application.write(at, MIB));
    }
    assertEquals(Errno.message(Errno.EDQUOT), last.error());
    run.end(application);
    Model.check(file, Files.size(file), application.requests());
  }
}
