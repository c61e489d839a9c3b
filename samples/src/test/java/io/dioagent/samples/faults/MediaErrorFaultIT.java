package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dioagent.runtime.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Blocks of the disk that answer with an error. */
class MediaErrorFaultIT {
  private static final int BLOCK = 4096;
  private static final int WRITE = 64 << 10;
  private static final int FILE = 1 << 20;

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
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < FILE / WRITE; i++) {
      requests.add(application.write((long) i * WRITE, WRITE));
    }
    application.awaitAll();
    for (int i = 0; i < requests.size(); i++) {
      Ending ending = requests.get(i).ending();
      assertEquals(
          i == 5 ? "Input/output error" : null, ending.error(), requests.get(i).toString());
      assertEquals(i == 5 ? -1 : WRITE, ending.result());
    }
    // The block can be written again: so can the application, on the same channel.
    disk.release();
    assertFalse(application.await(application.write(5 * WRITE, WRITE)).failed());
    assertFalse(application.await(application.force()).failed());
    Recorded recorded = run.end(application);
    assertEquals(1, recorded.count("CompletionError"));
    assertEquals("EIO", recorded.events("CompletionError").get(0).getString("errnoName"));
    disk.remount();
    Model.check(file, FILE, application.requests());
  }
}
