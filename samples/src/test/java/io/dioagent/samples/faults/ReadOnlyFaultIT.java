package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system becomes read-only during writes. */
class ReadOnlyFaultIT {
  private static final int WRITE = 64 << 10;
  private static final int FILE = 1 << 20;
  private static final String EROFS = "Read-only file system";

  private interface Flip {
    void run(Disk disk) throws IOException;
  }

  private static void flip(Layer layer, Run run, Flip flip, String... options) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4, options);
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    for (int at = 0; at < FILE; at += WRITE) {
      assertEquals(WRITE, application.await(application.write(at, WRITE)).result());
    }
    flip.run(disk);
    for (int at = 0; at < FILE; at += WRITE) {
      assertEquals(EROFS, application.await(application.write(at, WRITE)).error());
    }
    assertEquals(EROFS, application.await(application.force()).error());
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  @Fault("read-only flip: errors=remount-ro and an error of the file system")
  void error(Layer layer, Run run) throws Exception {
    flip(
        layer,
        run,
        disk ->
            Files.writeString(
                Path.of("/sys/fs/ext4")
                    .resolve(disk.loop().device().getFileName())
                    .resolve("trigger_fs_error"),
                "1"),
        "errors=remount-ro");
  }

  @Fault("read-only flip: remounted with abort")
  void abort(Layer layer, Run run) throws Exception {
    flip(layer, run, disk -> disk.mount().remount("abort"));
  }
}
