package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.ReadEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.testing.HeldFile;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Reads that hang in the kernel. {@code fault=} makes faults of writes only, so another process
 * really holds the file.
 */
class ReadDeadlineTest {
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final FilePolicy POLICY = DirectReadTest.DIRECT.withDeadline(DEADLINE);

  private final TestRuntime test = new TestRuntime();
  private final byte[] content = TestRuntime.bytes(4 << 20, 1);

  @AfterEach
  void close() throws Exception {
    test.close();
  }

  private void releasedFrom(DirectFile file, long position, int lengthBytes) throws Exception {
    try (HeldFile held = HeldFile.hold(test.scratch, test.path("f"))) {
      DirectIoException e =
          assertThrows(
              DirectIoException.class, () -> DirectReadTest.read(file, position, lengthBytes));
      assertEquals(Errno.ETIMEDOUT, e.errno());
      assertTrue(
          e.getMessage()
              .startsWith(
                  "read of "
                      + lengthBytes
                      + " bytes at "
                      + position
                      + " of "
                      + test.path("f")
                      + " has not ended after "),
          e.getMessage());
      Lost lost = test.events.only(Lost.class);
      assertTrue(lost.submitterStack().contains("releasedFrom"), lost.submitterStack());
      assertEquals(lengthBytes, lost.request().lengthBytes());
      List<ReadEnded> reported = test.events.all(ReadEnded.class);
      assertEquals(-Errno.ETIMEDOUT, reported.get(reported.size() - 1).result());
      assertTrue(test.statistics().quarantinedBytes() > 0);
      assertEquals(List.of(), test.events.all(Late.class), "it hangs");
      held.letGo();
    }
    Late late = test.events.await(Late.class, 1, Duration.ofSeconds(60)).get(0);
    assertEquals(test.events.only(Lost.class).request(), late.request());
    assertEquals(false, late.delivered());
    test.awaitSettled();
    assertArrayEquals(
        Arrays.copyOfRange(content, 100, 5100), DirectReadTest.read(file, 100, 5000), "goes on");
  }

  @Test
  void aCallerIsReleasedFromAReadOfItsOwn() throws Exception {
    DirectFile file = DirectReadTest.open(test, "f", content, POLICY);
    DirectReadTest.skipUnlessDirect(file);
    releasedFrom(file, 4000, 5000);
  }

  /** A read that would be served from a block that is being read ahead. */
  @Test
  void aCallerIsReleasedFromABlock() throws Exception {
    DirectFile file = DirectReadTest.open(test, "f", content, POLICY);
    DirectReadTest.skipUnlessDirect(file);
    Thread.sleep(1200);
    int read = 0;
    for (; read < 3 * 4096; read += 4096) {
      assertEquals(4096, DirectReadTest.read(file, read, 4096).length);
    }
    // The other process' write changes the times, so the blocks that are there are not used either.
    releasedFrom(file, read, 4096);
  }

  /** Closed in between: the descriptors stay for as long as the kernel reads. */
  @Test
  void theFileMayBeClosedMeanwhile() throws Exception {
    DirectFile file = DirectReadTest.open(test, "f", content, POLICY);
    DirectReadTest.skipUnlessDirect(file);
    try (HeldFile held = HeldFile.hold(test.scratch, test.path("f"))) {
      assertThrows(DirectIoException.class, () -> DirectReadTest.read(file, 0, 10));
      file.close();
      assertTrue(test.statistics().quarantinedBytes() > 0);
      held.letGo();
    }
    test.events.await(Late.class, 1, Duration.ofSeconds(60));
    test.awaitSettled();
  }

  @Test
  void aReadThatMayWaitIsReportedLostAndServedLate() throws Exception {
    DirectFile file = DirectReadTest.open(test, "f", content, POLICY.withOnLost(OnLost.REPORT));
    DirectReadTest.skipUnlessDirect(file);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<byte[]> read;
    try (HeldFile held = HeldFile.hold(test.scratch, test.path("f"))) {
      read = thread.submit(() -> DirectReadTest.read(file, 4000, 5000));
      thread.shutdown();
      Lost lost = test.events.await(Lost.class, 1, Duration.ofSeconds(60)).get(0);
      assertEquals(4000, lost.request().offset());
      assertTrue(!read.isDone());
      held.letGo();
    }
    assertArrayEquals(Arrays.copyOfRange(content, 4000, 9000), read.get(60, TimeUnit.SECONDS));
    Late late = test.events.only(Late.class);
    assertEquals(true, late.delivered());
    assertEquals(5000, late.result());
    assertEquals(5000, test.events.only(ReadEnded.class).result());
  }
}
