package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Blocks of the device fail, or are slow. */
class MediaErrorFaultIT {
  private static final int BLOCK = 4096;
  private static final int WRITE = 64 << 10;
  private static final int FILE = 1 << 20;

  /** Errors that a block device passes on unchanged; numbers as in errno(3). */
  private static final List<Integer> ERRNOS =
      List.of(
          Errno.EIO,
          Errno.ENOSPC,
          Errno.ETIMEDOUT,
          19 /* ENODEV */,
          84 /* EILSEQ */,
          61 /* ENODATA */);

  @Fault("media error: 4 KiB inside 64 KiB, ext4")
  void oneBadBlockOnExt4(Layer layer, Run run) throws Exception {
    oneBadBlock(layer, run, FileSystem.EXT4);
  }

  @Fault("media error: 4 KiB inside 64 KiB, xfs")
  void oneBadBlockOnXfs(Layer layer, Run run) throws Exception {
    oneBadBlock(layer, run, FileSystem.XFS);
  }

  private static void oneBadBlock(Layer layer, Run run, FileSystem type) throws Exception {
    Disk disk = run.disk(type);
    Path file = disk.file("f", FILE);
    disk.failWrites(file, Range.of(5 * WRITE + 7 * BLOCK, BLOCK), Errno.EIO);
    Application application = run.start(layer, file);
    List<Request> requests = writeAll(application);
    for (int i = 0; i < requests.size(); i++) {
      Ending ending = requests.get(i).ending();
      assertEquals(i == 5 ? "Input/output error" : null, ending.error(), "" + requests.get(i));
      assertEquals(i == 5 ? -1 : WRITE, ending.result());
    }
    // After the block is writable again, the application can write on the same channel.
    disk.release();
    assertFalse(application.await(application.write(5 * WRITE, WRITE)).failed());
    assertFalse(application.await(application.force()).failed());
    Recorded recorded = run.end(application);
    assertEquals(1, recorded.count("CompletionError"));
    assertEquals("EIO", recorded.events("CompletionError").get(0).getString("errnoName"));
    recorded
        .judged()
        .assertFinds(
            "CompletionErrors",
            Severity.WARNING,
            "1 request ended with an error: EIO of " + file + " at offset " + 5 * WRITE,
            "smartctl");
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  /** Writes all of the file concurrently, and waits for the end. */
  private static List<Request> writeAll(Application application) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < FILE / WRITE; i++) {
      requests.add(application.write((long) i * WRITE, WRITE));
    }
    application.awaitAll();
    return requests;
  }

  @Fault("media error: EIO, ENOSPC, ETIMEDOUT, ENODEV, EILSEQ, ENODATA, one block each")
  void manyErrnos(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    for (int i = 0; i < ERRNOS.size(); i++) {
      disk.failWrites(file, Range.of((long) i * WRITE + BLOCK, BLOCK), ERRNOS.get(i));
    }
    Application application = run.start(layer, file);
    List<Request> requests = writeAll(application);
    for (int i = 0; i < requests.size(); i++) {
      String expected = i < ERRNOS.size() ? Errno.message(ERRNOS.get(i)) : null;
      assertEquals(expected, requests.get(i).ending().error(), "" + requests.get(i));
    }
    assertEquals(ERRNOS.size(), run.end(application).count("CompletionError"));
    disk.release();
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  /** EAGAIN of a loop device is retried, and reported in the end. */
  @Fault("media error: EAGAIN")
  void eagain(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    disk.failWrites(file, Range.of(5 * WRITE, BLOCK), Errno.EAGAIN);
    Application application = run.start(layer, file);
    List<Request> requests = writeAll(application);
    assertEquals(
        Errno.message(Errno.EAGAIN), requests.get(5).ending().error(), "" + requests.get(5));
    assertEquals(1, run.account().failed());
    disk.release();
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  @Fault("media error without FUSE: zram out of memory")
  void zramOutOfMemory(Layer layer, Run run) throws Exception {
    Run.skipUnless(Zram.available(), "this kernel has no zram that can be added");
    Zram zram = run.own(new Zram(run.work(), 64 << 20));
    Path mountPoint = run.work().newDirectory("disk");
    Mount mount = run.own(Mount.make(FileSystem.EXT4, zram.device(), mountPoint));
    Path file = Disk.zeros(mountPoint.resolve("f"), FILE);
    Application application = run.start(layer, file);
    zram.full();
    for (Request request : writeAll(application)) {
      assertEquals("Input/output error", request.ending().error(), "" + request);
    }
    zram.release();
    for (Request request : writeAll(application).subList(0, FILE / WRITE)) {
      assertEquals(WRITE, request.ending().result(), "" + request);
    }
    run.end(application);
    mount.remount("ro");
    Command.run("blockdev", "--flushbufs", zram.device());
    Model.check(file, FILE, application.requests());
  }

  @Fault("media error without FUSE: loop device cut off by its size limit")
  void deviceCutOff(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    List<Range> where = Disk.extents(file, Range.of(0, FILE));
    Run.skipUnless(where.size() == 1, "the file is in " + where.size() + " extents");
    SizeLimit limit = run.own(new SizeLimit(disk.loop().device()));
    Application application = run.start(layer, file);
    limit.set(where.get(0).from() + FILE / 2);
    List<Request> requests = writeAll(application);
    for (Request request : requests) {
      String expected = request.offset() < FILE / 2 ? null : "Input/output error";
      assertEquals(expected, request.ending().error(), "" + request);
    }
    limit.release();
    assertFalse(application.await(application.write(FILE - WRITE, WRITE)).failed());
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  @Fault("slow device: each write 300 ms later")
  void slow(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.XFS);
    Path file = disk.file("f", FILE);
    disk.delayWrites(file, Range.of(0, FILE), 300);
    Application application = run.start(layer, file);
    for (Request request : writeAll(application)) {
      assertEquals(WRITE, request.ending().result(), "" + request);
      assertTrue(request.ending().age().compareTo(Duration.ofMillis(300)) >= 0, "" + request);
    }
    assertEquals(0, run.end(application).count("LostCompletion"));
    disk.release();
    disk.remount();
    Model.check(file, FILE, application.requests());
  }
}
