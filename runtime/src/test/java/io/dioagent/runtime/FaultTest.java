package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Collision;
import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.Injected;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Results and events when the device reports an error, or fewer bytes. */
@Tag("engine")
class FaultTest extends FaultTestBase {
  @Test
  void eio() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=8k-12k:count=1");
    IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 8192));
    assertEquals("Input/output error", e.getMessage());
    DirectIoException details = assertInstanceOf(DirectIoException.class, e.getCause());
    assertEquals(5, details.errno());
    assertEquals(
        "write of 4096 bytes at 8192 of " + test.path("f") + " ended with EIO",
        details.getMessage());
    assertEquals(4096, TestRuntime.write(file, block(2), 8192), "the next write is fine");
    assertContent(block(2), 8192);
    Failed failed = test.events.only(Failed.class);
    assertEquals(-5, failed.result());
    assertEquals(8192, failed.request().offset());
    Injected injected = test.events.only(Injected.class);
    assertEquals("eio:offset=8k-12k:count=1", injected.fault());
    assertEquals(1, test.statistics().errors());
    assertEquals(2, test.statistics().writes());
    assertEquals(-5, test.events.all(WriteEnded.class).get(0).result());
  }

  /** An error replaces the count of bytes before it (000). */
  @Test
  void eioInTheMiddle() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=512k-513k:count=1");
    IOException e =
        assertThrows(
            IOException.class, () -> TestRuntime.write(file, TestRuntime.bytes(MIB, 1), 0));
    assertEquals("Input/output error", e.getMessage());
    assertEquals("786432 of 1048576 written", test.events.only(Failed.class).reason());
    assertEquals(MIB, TestRuntime.write(file, TestRuntime.bytes(MIB, 2), 0));
    assertContent(TestRuntime.bytes(MIB, 2), 0);
  }

  /** Writes through the page cache fail as direct ones do. */
  @Test
  void eioOfABufferedWrite() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=8k-12k:count=1");
    IOException e =
        assertThrows(IOException.class, () -> TestRuntime.write(file, new byte[100], 8200));
    assertEquals("Input/output error", e.getMessage());
    assertEquals(100, TestRuntime.write(file, TestRuntime.bytes(100, 2), 8200));
    assertContent(TestRuntime.bytes(100, 2), 8200);
    Injected injected = test.events.only(Injected.class);
    assertEquals(8200, injected.request().offset());
    assertEquals(
        test.events.only(Failed.class).request().requestId(), injected.request().requestId());
  }

  @Test
  void aShortBufferedWriteIsGoneOnWith() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "short:count=3");
    byte[] bytes = TestRuntime.bytes(1000, 3);
    assertEquals(1000, TestRuntime.write(file, bytes, 100));
    assertContent(bytes, 100);
    assertEquals(3, test.events.all(Injected.class).size());
  }

  @Test
  void aBufferedWriteThatNeverReturnsIsLost() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:count=1");
    test.loses();
    long start = System.nanoTime();
    IOException e =
        assertThrows(DirectIoException.class, () -> TestRuntime.write(file, new byte[100], 100));
    assertTrue(TestRuntime.millisSince(start) < DEADLINE_MILLIS + GRACE_MILLIS);
    assertTrue(e.getMessage().contains("waiting for a buffered write"), e.getMessage());
    assertEquals(100, TestRuntime.write(test.open("f"), new byte[100], 100));
  }

  /** The toggle of patch 002: the cache kept a page, and each policy has its own result. */
  @ParameterizedTest
  @EnumSource(OnCollision.class)
  void invalidateEio(OnCollision policy) throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT.withOnCollision(policy), "invalidate-eio:count=1");
    byte[] bytes = TestRuntime.bytes(65536, 3);
    if (policy == OnCollision.FAIL) {
      IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, bytes, 0));
      assertEquals("Input/output error", e.getMessage());
    } else {
      assertEquals(65536, TestRuntime.write(file, bytes, 0));
    }
    assertContent(bytes, 0);
    Collision reported = test.events.only(Collision.class);
    assertEquals(policy, reported.policy());
    assertEquals(65536, reported.part().lengthBytes());
    assertEquals(Thread.currentThread(), reported.submitter());
    assertEquals(1, test.events.all(Injected.class).size());
    // With RWF_NOWAIT the kernel refuses a cached range with EAGAIN.
    int written = (policy == OnCollision.LAUNDER ? 2 : 1) + (TestRuntime.callersSubmit() ? 1 : 0);
    assertEquals(written, test.events.only(WriteEnded.class).ios());
  }

  @Test
  void invalidateEioOfAQueuedWrite() throws Exception {
    DirectFile file =
        start(FilePolicy.DEFAULT.withOnCollision(OnCollision.FAIL), "invalidate-eio:count=1");
    List<Long> results = new ArrayList<>();
    try (WriteQueue queue = test.runtime.newQueue(4);
        AlignedBuffer buffer = test.runtime.allocate(4096)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer, 4096, i * 4096L, i);
      }
      while (queue.inFlight() > 0) {
        queue.await(1, Duration.ofSeconds(5), (data, result, id) -> results.add(result));
      }
    }
    Collections.sort(results);
    assertEquals(List.of(-5L, 4096L, 4096L, 4096L), results);
  }

  /**
   * Its pieces are written concurrently: those behind a short one are in the file, but not counted.
   */
  @Test
  void aQueuedWriteIsAsLongAsItsFirstShortPieceLetsItBe() throws Exception {
    String where = ":offset=512k-768k";
    DirectFile file =
        start(
            FilePolicy.DEFAULT,
            "submit-block:for=1ms" + where,
            "short:count=1" + where,
            "enospc:count=1" + where);
    byte[] bytes = TestRuntime.bytes(MIB, 5);
    List<Long> results = new ArrayList<>();
    try (WriteQueue queue = test.runtime.newQueue(4);
        AlignedBuffer buffer = test.runtime.allocate(MIB)) {
      buffer.byteBuffer().duplicate().clear().put(bytes);
      queue.submit(file, buffer, MIB, 0, 1);
      while (queue.inFlight() > 0) {
        queue.await(1, Duration.ofSeconds(5), (data, result, id) -> results.add(result));
      }
    }
    assertEquals(List.of(655_360L), results, "512 KiB, and half of the third quarter");
    assertContent(Arrays.copyOf(bytes, 655_360), 0);
  }

  /** A full disk is a limit: the progress first, the error if there is none (001). */
  @Test
  void enospcAfterProgress() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "enospc:offset=512k-2m");
    byte[] bytes = TestRuntime.bytes(MIB, 1);
    assertEquals(524_288, TestRuntime.write(file, bytes, 0));
    assertContent(Arrays.copyOf(bytes, 524_288), 0);
    IOException e =
        assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 524_288));
    assertEquals("No space left on device", e.getMessage());
    assertEquals(28, ((DirectIoException) e.getCause()).errno());
    assertEquals(4096, TestRuntime.write(file, block(3), 0));
  }

  @Test
  void enospcAtOnce() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "enospc");
    IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 0));
    assertEquals("No space left on device", e.getMessage());
  }

  /** res < len is a normal state: the rest is issued again, and all bytes are written. */
  @Test
  void shortResults() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "short");
    byte[] bytes = TestRuntime.bytes(MIB, 1);
    assertEquals(MIB, TestRuntime.write(file, bytes, 0));
    assertContent(bytes, 0);
    WriteEnded reported = test.events.only(WriteEnded.class);
    assertEquals(MIB, reported.directBytes() + reported.bufferedBytes());
    assertTrue(reported.ios() > 8, "256 KiB, halved again and again: " + reported.ios());
    assertTrue(reported.bufferedBytes() > 0 && reported.bufferedBytes() < 4 * 4096, "" + reported);
    for (Fallback fallback : test.events.all(Fallback.class)) {
      assertEquals("rest of a short direct write", fallback.reason());
    }
  }

  @Test
  void oneShortResultIsGoneOnWithDirectly() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT.withFallbackAllowed(false), "short:count=1");
    byte[] bytes = TestRuntime.bytes(65536, 1);
    assertEquals(65536, TestRuntime.write(file, bytes, 4096));
    assertContent(bytes, 4096);
    assertEquals(65536, test.statistics().directBytes());
    assertEquals(2, test.events.only(WriteEnded.class).ios());
  }

  @Test
  void aDelayIsWaitedFor() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "delay:for=150ms:count=1");
    long before = System.nanoTime();
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
    assertTrue(TestRuntime.millisSince(before) >= 150);
    assertEquals(0, test.statistics().lost());
    assertContent(block(1), 0);
  }
}
