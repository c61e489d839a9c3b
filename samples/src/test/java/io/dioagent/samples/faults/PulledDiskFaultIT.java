package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The disk is pulled during writes. */
class PulledDiskFaultIT {
  private static final int WRITE = 64 << 10;
  private static final int FILE = 1 << 20;
  private static final int WAVES_BEFORE = 3;
  private static final int WAVES_AFTER = 2;

  private interface Pull {
    void run() throws Exception;
  }

  /** Writes waves over the whole file; the disk is pulled in the middle of one. */
  private static void pullUnderLoad(Application application, Pull pull) throws Exception {
    for (int i = 0; i < WAVES_BEFORE; i++) {
      wave(application);
    }
    application.awaitAll();
    assertTrue(application.requests().stream().noneMatch(request -> request.ending().failed()));
    wave(application);
    pull.run();
    wave(application);
    application.awaitAll();
    for (int i = 0; i < WAVES_AFTER; i++) {
      for (Request request : wave(application)) {
        String error = application.await(request).error();
        assertTrue(
            "Input/output error".equals(error) || "Read-only file system".equals(error),
            "" + request);
      }
    }
    assertEquals("Input/output error", application.await(application.force()).error());
  }

  private static List<Request> wave(Application application) {
    List<Request> requests = new ArrayList<>();
    for (int at = 0; at < FILE; at += WRITE) {
      requests.add(application.write(at, WRITE));
    }
    return requests;
  }

  private static void shutDown(Path mountPoint) {
    Command.run(Natives.path("goingdown"), mountPoint);
  }

  @Fault("pulled disk: file system shut down, ext4")
  void ext4(Layer layer, Run run) throws Exception {
    fileSystem(layer, run, FileSystem.EXT4);
  }

  @Fault("pulled disk: file system shut down, xfs")
  void xfs(Layer layer, Run run) throws Exception {
    fileSystem(layer, run, FileSystem.XFS);
  }

  private static void fileSystem(Layer layer, Run run, FileSystem type) throws Exception {
    Disk disk = run.disk(type);
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    pullUnderLoad(application, () -> shutDown(disk.mount().path()));
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  @Fault("pulled disk: file system below the loop device shut down")
  void backingFileSystem(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.XFS);
    Path image = disk.file("image", FileSystem.EXT4.diskBytes());
    LoopDevice loop = run.own(new LoopDevice(image, 512));
    Path mountPoint = run.work().newDirectory("inner");
    Mount mount = run.own(Mount.make(FileSystem.EXT4, loop.device(), mountPoint));
    Path file = Disk.zeros(mountPoint.resolve("f"), FILE);
    Application application = run.start(layer, file);
    pullUnderLoad(application, () -> shutDown(disk.mount().path()));
    run.end(application);
    mount.close();
    loop.close();
    disk.remount();
    LoopDevice again = run.own(new LoopDevice(image, 512));
    run.own(Mount.again(FileSystem.EXT4, again.device(), mountPoint));
    Model.check(file, FILE, application.requests());
  }

  @Fault("pulled disk: FUSE server killed")
  void serverKilled(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    pullUnderLoad(application, disk.faults()::kill);
    run.end(application);
    disk.close();
    LoopDevice loop = run.own(new LoopDevice(disk.faults().backing(), 512));
    Path mountPoint = disk.mount().path();
    run.own(Mount.again(FileSystem.EXT4, loop.device(), mountPoint));
    Model.check(file, FILE, application.requests());
  }
}
