package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import java.nio.file.Path;

/** Invalid requests. */
class RequestFaultIT {
  private static final int FILE = 1 << 20;

  @Fault("bad buffer: memory that cannot be read")
  void unreadable(Layer layer, Run run) throws Exception {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    Ending ending = application.await(application.writeUnreadable(8192));
    assertTrue(ending.failed(), "" + ending);
    if (layer == Layer.QUEUE) {
      // The other layers detect it during the copy.
      assertEquals(Errno.message(Errno.EFAULT), ending.error());
    }
    assertFalse(application.await(application.write(8192, 8192)).failed());
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }

  @Fault("misalignment: writes of 512 bytes on a device of 4096")
  void smallerThanSector(Layer layer, Run run) throws Exception {
    Disk disk = run.own(Disk.make(run.work(), FileSystem.EXT4, 4096));
    Path file = disk.file("f", FILE);
    Application application = run.start(layer, file);
    for (int i = 0; i < 16; i++) {
      Ending ending = application.await(application.write(i * 3L * 512, 512 + i % 2 * 4096));
      if (layer == Layer.QUEUE) {
        assertTrue(ending.error().contains("expected a multiple of 4096"), ending.error());
      } else {
        assertEquals(512 + i % 2 * 4096, ending.result());
      }
    }
    run.end(application);
    disk.remount();
    Model.check(file, FILE, application.requests());
  }
}
