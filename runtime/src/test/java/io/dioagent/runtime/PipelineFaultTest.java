package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.ForceEnded;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.file.PendingWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A failure of a write that has returned is thrown once for each channel that is open on the file.
 * No caller waits beyond the deadline.
 */
@Tag("engine")
class PipelineFaultTest {
  private static final int BLOCK = 4096;

  /** The first block takes this long: those behind it are all taken before one of them fails. */
  private static final String HELD_UP = "delay:offset=0-4k:for=3s:count=1";

  private static final long DEADLINE_MILLIS = 300;

  /** More than this is a hang; the order of events shows that nothing waits for the device. */
  private static final long LATEST_MILLIS = 60_000;

  private static final FilePolicy PIPELINED = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
  private static final FilePolicy SHORT_DEADLINE =
      PIPELINED.withDeadline(Duration.ofMillis(DEADLINE_MILLIS));

  private TestRuntime test;

  @AfterEach
  void close() {
    test.close();
  }

  private DirectFile start(FilePolicy policy, String... rules) throws IOException {
    test = TestRuntime.withFaults(rules);
    return test.openWritten("f", 64 * BLOCK, policy);
  }

  private static IOException thrown(Executable action) {
    long start = System.nanoTime();
    IOException e = assertThrows(IOException.class, action);
    assertTrue(TestRuntime.millisSince(start) < LATEST_MILLIS, "back too late");
    return e;
  }

  private static byte[] block(int seed) {
    return TestRuntime.bytes(BLOCK, seed);
  }

  // Errors.

  @Test
  void anErrorIsThrownOnceByEachThatIsOpen() throws Exception {
    DirectFile writer = start(PIPELINED, "eio:offset=8k-12k:count=1");
    DirectFile sync = test.open("f");
    DirectFile closing = test.open("f", PIPELINED);
    assertEquals(BLOCK, TestRuntime.write(writer, block(1), 8192));
    writer.settle();
    IOException e = thrown(() -> TestRuntime.write(sync, block(2), 0));
    assertEquals("Input/output error", e.getMessage());
    DirectIoException details = assertInstanceOf(DirectIoException.class, e.getCause());
    assertEquals(5, details.errno());
    assertEquals(
        "write of 4096 bytes at 8192 of " + test.path("f") + " ended with EIO",
        details.getMessage());
    assertEquals(0, test.content("f")[0], "the write that threw it wrote nothing");
    assertEquals(BLOCK, TestRuntime.write(sync, block(2), 0));
    assertEquals("Input/output error", thrown(() -> writer.force(false)).getMessage());
    assertEquals(1, test.events.all(ForceEnded.class).size(), "forced all the same");
    writer.force(false);
    assertEquals("Input/output error", thrown(closing::close).getMessage());
    closing.close();
    DirectFile later = test.open("f", PIPELINED);
    TestRuntime.write(later, block(3), 8192);
    later.force(true);
    assertArrayEquals(block(3), Arrays.copyOfRange(test.content("f"), 8192, 12288));
  }

  /** As in the page cache, bytes written behind a failed chunk are not dropped with it. */
  @Test
  void bytesBehindAnErrorAreWritten() throws Exception {
    DirectFile file = start(PIPELINED, HELD_UP, "eio:offset=8k-12k:count=1");
    TestRuntime.write(file, block(4), 0);
    TestRuntime.write(file, block(1), 8192);
    TestRuntime.write(file, block(2), 16384);
    TestRuntime.write(file, block(3), 32768);
    assertEquals("Input/output error", thrown(file::close).getMessage());
    byte[] content = test.content("f");
    assertArrayEquals(block(2), Arrays.copyOfRange(content, 16384, 20480));
    assertArrayEquals(block(3), Arrays.copyOfRange(content, 32768, 36864));
  }

  @Test
  void ofTwoErrorsTheFirstIsThrown() throws Exception {
    DirectFile file =
        start(PIPELINED, HELD_UP, "enospc:offset=8k-12k:count=1", "eio:offset=16k-20k");
    TestRuntime.write(file, block(3), 0);
    TestRuntime.write(file, block(1), 8192);
    TestRuntime.write(file, block(2), 16384);
    assertEquals("No space left on device", thrown(() -> file.force(false)).getMessage());
    file.force(false);
  }

  // Order.

  /**
   * Writes blocks while the first of them is held up, and returns the order in which requests
   * ended.
   */
  private List<Long> endedOffsets(long... blocks) throws IOException {
    long held = blocks[0] * BLOCK;
    test =
        TestRuntime.withFaults(
            new RuntimeOptions(4, BLOCK, 1 << 20),
            "delay:offset=" + held + "-" + (held + BLOCK) + ":for=500ms");
    DirectFile file = test.openWritten("f", 64 * BLOCK, PIPELINED);
    for (long block : blocks) {
      TestRuntime.write(file, block((int) block), block * BLOCK);
    }
    file.force(false);
    byte[] content = test.content("f");
    for (long block : blocks) {
      int from = (int) block * BLOCK;
      assertArrayEquals(
          block((int) block), Arrays.copyOfRange(content, from, from + BLOCK), "block " + block);
    }
    return test.events.all(WriteEnded.class).stream()
        .map(ended -> ended.request().offset() / BLOCK)
        .toList();
  }

  @Test
  void aStreamOverTheFileHasTwoRequestsOnTheirWay() throws Exception {
    List<Long> ended = endedOffsets(8, 9, 10, 11, 12, 13, 14, 15);
    assertNotEquals(8, ended.get(0), "ended: " + ended);
  }

  @Test
  void extendingWritesGoInOrder() throws Exception {
    List<Long> ended = endedOffsets(62, 63, 64, 65, 66, 67, 68, 69);
    List<Long> extending = ended.stream().filter(block -> block >= 64).toList();
    assertFalse(extending.isEmpty(), "ended: " + ended);
    assertEquals(extending.stream().sorted().toList(), extending, "ended: " + ended);
    assertTrue(ended.indexOf(62L) < ended.indexOf(extending.get(0)), "ended: " + ended);
  }

  @Test
  void scatteredWritesGoInOrder() throws Exception {
    assertEquals(List.of(8L, 40L, 20L, 10L), endedOffsets(8, 40, 20, 10));
  }

  @Test
  void shortResultsAreGoneOnWith() throws Exception {
    DirectFile file = start(PIPELINED, "short:count=5");
    byte[] bytes = TestRuntime.bytes(200_000, 1);
    for (int at = 0; at < bytes.length; at += 1000) {
      TestRuntime.write(file, Arrays.copyOfRange(bytes, at, at + 1000), at + 100);
    }
    file.force(false);
    assertArrayEquals(bytes, Arrays.copyOfRange(test.content("f"), 100, 200_100));
  }

  /** A source that cannot be read: the bytes taken before are written, the rest is not. */
  @Test
  void aSourceThatCannotBeRead() throws Exception {
    DirectFile file = start(PIPELINED);
    WriteSource unreadable =
        new WriteSource() {
          @Override
          public long lengthBytes() {
            return 100;
          }

          @Override
          public void copyTo(long offset, ByteBuffer destination) {
            throw new InternalError("the file shrank");
          }
        };
    TestRuntime.write(file, block(1), 0);
    assertThrows(InternalError.class, () -> file.write(unreadable, BLOCK));
    assertThrows(InternalError.class, () -> file.write(unreadable, 5 * BLOCK));
    TestRuntime.write(file, block(2), BLOCK);
    file.force(false);
    assertArrayEquals(block(1), Arrays.copyOf(test.content("f"), BLOCK));
    assertArrayEquals(block(2), Arrays.copyOfRange(test.content("f"), BLOCK, 2 * BLOCK));
    assertEquals(0, test.statistics().bufferBytes());
  }

  // Deadlines.

  @ParameterizedTest
  @ValueSource(strings = {"submit-block:for=4s:count=1", "lose:count=1", "late:for=4s:count=1"})
  void stuckWritesAreGivenUpInTime(String fault) throws Exception {
    DirectFile file = start(SHORT_DEADLINE, fault);
    if (fault.startsWith("lose")) {
      test.loses();
    }
    TestRuntime.write(file, block(1), 0);
    TestRuntime.write(file, block(2), 2 * BLOCK);
    DirectIoException e =
        assertInstanceOf(DirectIoException.class, thrown(() -> file.force(false)));
    assertEquals(List.of(), answeredLateAtStart(), "before the device answers");
    assertEquals(Errno.ETIMEDOUT, e.errno());
    assertTrue(e.getMessage().startsWith("write of 4096 bytes at 0 of "), e.getMessage());
    assertTrue(test.statistics().quarantinedBytes() >= BLOCK, "quarantined");
    assertTrue(test.statistics().lost() >= 1);
    assertEquals(-Errno.ETIMEDOUT, test.events.all(WriteEnded.class).get(0).result());
    assertFalse(test.runtime.hasPending());
    file.force(false);
    DirectFile patient = test.open("f", PIPELINED);
    TestRuntime.write(patient, block(4), 4 * BLOCK);
    patient.close();
    file.close();
    assertArrayEquals(
        block(4), Arrays.copyOfRange(test.content("f"), 4 * BLOCK, 5 * BLOCK), "it goes on");
    if (!fault.startsWith("lose")) {
      test.await(
          "the device's answer", now -> answeredLateAtStart().size() == 1, Duration.ofSeconds(60));
    }
  }

  /** The stuck write's. The one behind it may be overdue as well when its turn comes. */
  private List<Late> answeredLateAtStart() {
    return test.answeredLate().stream().filter(late -> late.request().offset() == 0).toList();
  }

  @Test
  void noCallerIsStuckWithAStuckDevice() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "submit-block:for=6s");
    DirectFile other = test.open("f", SHORT_DEADLINE);
    IOException e = null;
    for (int i = 0; e == null; i++) {
      long start = System.nanoTime();
      try {
        TestRuntime.write(file, block(i), 2L * i * BLOCK % (64 * BLOCK));
      } catch (IOException thrown) {
        e = thrown;
      }
      assertTrue(TestRuntime.millisSince(start) < LATEST_MILLIS, "write " + i + " is stuck");
      assertTrue(i < 100, "no end of what is taken");
    }
    assertInstanceOf(DirectIoException.class, e);
    assertInstanceOf(DirectIoException.class, thrown(() -> other.force(false)));
    long start = System.nanoTime();
    try {
      file.close();
    } catch (DirectIoException again) {
      assertEquals(Errno.ETIMEDOUT, again.errno());
    }
    assertTrue(TestRuntime.millisSince(start) < LATEST_MILLIS, "close is stuck");
    assertEquals(List.of(), test.answeredLate(), "all before the device answers");
    assertTrue(test.statistics().quarantinedBytes() > 0, "quarantined");
    for (Lost lost : test.events.all(Lost.class)) {
      assertEquals(TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS), lost.deadlineNanos());
    }
  }

  @Test
  void withOnLostReportAllIsWaitedFor() throws Exception {
    DirectFile file =
        start(SHORT_DEADLINE.withOnLost(OnLost.REPORT), "submit-block:for=2s:count=1");
    TestRuntime.write(file, block(1), 0);
    TestRuntime.write(file, block(2), 2 * BLOCK);
    file.force(false);
    // The second one waits behind the first, so it may be reported as well.
    List<Late> late = test.events.all(Late.class);
    assertTrue(late.size() == 1 || late.size() == 2, late.toString());
    assertTrue(late.stream().allMatch(Late::delivered), late.toString());
    assertEquals(late.size(), test.events.all(Lost.class).size());
    assertArrayEquals(block(2), Arrays.copyOfRange(test.content("f"), 8192, 12288));
  }

  /** A slow device: the writer waits for room, and goes on. */
  @Test
  void theWriterWaitsAndGoesOn() throws Exception {
    test =
        TestRuntime.withFaults(new RuntimeOptions(4, 65536, 1 << 20), "delay:for=50ms:path=**/f");
    DirectFile file = test.open("f", PIPELINED);
    byte[] bytes = TestRuntime.bytes(4 << 20, 1);
    for (int at = 0; at < bytes.length; at += BLOCK) {
      TestRuntime.write(file, Arrays.copyOfRange(bytes, at, at + BLOCK), at);
    }
    file.close();
    assertArrayEquals(bytes, test.content("f"));
    assertEquals(0, test.statistics().lost());
  }

  /**
   * A barrier of another thread while the write is under way, and an interrupt: it ends all the
   * same.
   */
  @Test
  void anInterruptDoesNotEndABarrier() throws Exception {
    DirectFile file = start(PIPELINED, "delay:for=500ms:count=2");
    TestRuntime.write(file, block(1), 0);
    TestRuntime.write(file, block(2), 2 * BLOCK);
    CompletableFuture<Boolean> settled = new CompletableFuture<>();
    Thread settler =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              file.settle();
              settled.complete(Thread.interrupted());
            });
    settler.start();
    Thread.sleep(50);
    settler.interrupt();
    assertTrue(settled.get(60, TimeUnit.SECONDS), "the interrupt is kept");
    assertArrayEquals(block(2), Arrays.copyOfRange(test.content("f"), 8192, 12288));
    assertFalse(test.runtime.hasPending());
  }

  /** A stuck device's files leave memory and threads to files of other devices. */
  @Test
  void othersGoOnMeanwhile() throws Exception {
    DirectFile stuck = start(SHORT_DEADLINE, "submit-block:for=2s:path=**/f");
    TestRuntime.write(stuck, block(1), 0);
    TestRuntime.write(stuck, block(1), 2 * BLOCK);
    DirectFile other = test.open("other", PIPELINED);
    byte[] bytes = TestRuntime.bytes(4 << 20, 1);
    TestRuntime.write(other, bytes, 0);
    other.force(false);
    assertArrayEquals(bytes, Files.readAllBytes(test.path("other")));
    assertNull(
        test.events.all(Lost.class).stream()
            .filter(lost -> lost.request().path().endsWith("other"))
            .findAny()
            .orElse(null));
    assertInstanceOf(DirectIoException.class, thrown(() -> stuck.force(false)));
  }

  /** As with a full heap: bytes that no thread has begun are not written, and close reports it. */
  @Test
  void abandonedBytesAreNeverWritten() throws Exception {
    DirectFile file = start(PIPELINED, "delay:for=3s:count=1");
    byte[] before = test.content("f");
    TestRuntime.write(file, block(1), 0);
    CompletableFuture<Void> settled = CompletableFuture.runAsync(file::settle);
    // Until a thread has begun the first one, which is a pipelined write before.
    while (test.runtime.inFlight().stream().noneMatch(one -> one.operation().equals("write"))) {
      Thread.sleep(1);
    }
    TestRuntime.write(file, block(2), 8 * BLOCK);
    TestRuntime.write(file, block(3), 16 * BLOCK);
    PendingWrites behind = file.context().node().pendingWrites();
    behind.abandon(file.context());
    WriteSource another = WriteSource.of(ByteBuffer.wrap(block(4)));
    IOException refused =
        assertThrows(IOException.class, () -> behind.write(file.context(), another, 0, 0));
    assertTrue(refused.getMessage().startsWith("the file is closed"), refused.getMessage());
    assertFalse(test.runtime.hasPending(), "what was begun has ended, the rest is given up");
    settled.get(20, TimeUnit.SECONDS);
    String message = assertThrows(IOException.class, file::close).getMessage();
    assertTrue(message.contains("the Java heap was full"), message);
    System.arraycopy(block(1), 0, before, 0, BLOCK);
    assertArrayEquals(before, test.content("f"));
    assertEquals(0, test.statistics().bufferBytes());
  }
}
