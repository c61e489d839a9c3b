package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dioagent.runtime.api.Errno;
import java.nio.file.Path;

/** Errors that a device reports only when accepted data has to be made durable. */
class WriteBackFaultIT {
  private static final int WRITE = 64 << 10;
  private static final int FILE = 1 << 20;
  private static final String EIO = "Input/output error";

  private static void writeAll(Application application) {
    for (int at = 0; at < FILE; at += WRITE) {
      assertEquals(WRITE, application.await(application.write(at, WRITE)).result());
    }
  }

  @Fault("write-back error: EIO from fsync only, FUSE")
  void onlyFromFsync(Layer layer, Run run) throws Exception {
    FaultFs faults = run.own(new FaultFs(run.work(), FILE));
    faults.fail(FaultFs.Op.SYNC, Range.ALL, Errno.EIO);
    Application application = run.start(layer, faults.disk());
    writeAll(application);
    assertEquals(EIO, application.await(application.force()).error());
    faults.release();
    assertFalse(application.await(application.force()).failed());
    run.end(application);
    Model.check(faults.backing(), FILE, application.requests());
  }

  @Fault("write-back error: EIO from the device's flush, ext4")
  void flushOnExt4(Layer layer, Run run) throws Exception {
    flush(layer, run, FileSystem.EXT4);
  }

  @Fault("write-back error: EIO from the device's flush, xfs")
  void flushOnXfs(Layer layer, Run run) throws Exception {
    flush(layer, run, FileSystem.XFS);
  }

  private static void flush(Layer layer, Run run, FileSystem type) throws Exception {
    Disk disk = run.disk(type);
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    disk.faults().fail(FaultFs.Op.SYNC, Range.ALL, Errno.EIO);
    writeAll(application);
    assertEquals(EIO, application.await(application.force()).error());
    disk.release();
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  /** Buffered parts of a write end only when the device has them. */
  @Fault("write-back error: the unaligned ends of a write")
  void unalignedEnds(Layer layer, Run run) throws Exception {
    Run.skipUnless(layer != Layer.QUEUE, "a WriteQueue takes aligned writes only");
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    disk.failWrites(file, Range.of(WRITE, 4096), Errno.EIO);
    // Only its head is in the bad block.
    assertEquals(EIO, application.await(application.write(WRITE + 100, WRITE)).error());
    // Only its tail is.
    assertEquals(EIO, application.await(application.write(0, WRITE + 100)).error());
    disk.release();
    assertEquals(WRITE, application.await(application.write(WRITE + 100, WRITE)).result());
    assertEquals(WRITE + 100, application.await(application.write(0, WRITE + 100)).result());
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }
}
