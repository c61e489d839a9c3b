package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link DirectFile#tryOut}. */
@Tag("engine")
class WriteTrialTest {
  /** io_uring has its own threads for it, and pwrite is a thread. */
  private static final boolean AIO = System.getProperty("dio.test.engine", "aio").equals("aio");

  @Test
  void judgesByTheDevicesBehaviour() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      DirectFile file = test.open("f");
      WriteTrial trial = file.tryOut();
      assertTrue(Files.size(test.path("f")) > 1 << 20, "it was written to");
      String type = Files.getFileStore(test.path("f")).type();
      if (AIO && type.equals("ext4")) {
        assertFalse(trial.extendingAsynchronous(), "ext4 waits in io_submit for what extends");
      }
      assertEquals(0, test.statistics().inFlight());
    }
  }
}
