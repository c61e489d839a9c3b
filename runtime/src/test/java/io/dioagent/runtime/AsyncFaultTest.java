package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.Endings.One;
import io.dioagent.runtime.RecordingEventSink.Collision;
import io.dioagent.runtime.RecordingEventSink.Duplicate;
import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.file.PieceOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asynchronous writes end once and in time when the device or the ring misbehaves. */
@Tag("engine")
class AsyncFaultTest {
  private static final int BLOCK = 4096;
  private static final int MIB = 1 << 20;
  private static final FilePolicy SHORT_DEADLINE =
      FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(300));

  private TestRuntime test;
  private final Endings endings = new Endings();

  @AfterEach
  void close() {
    endings.check();
    test.close();
  }

  private DirectFile start(FilePolicy policy, String... rules) throws IOException {
    test = TestRuntime.withFaults(rules);
    return test.openWritten("f", 2 * MIB, policy);
  }

  private One write(DirectFile file, int block) throws IOException {
    return endings.write(file, TestRuntime.bytes(BLOCK, block), (long) block * BLOCK);
  }

  private void assertBlock(int block) throws IOException {
    assertArrayEquals(
        TestRuntime.bytes(BLOCK, block),
        Arrays.copyOfRange(test.content("f"), block * BLOCK, (block + 1) * BLOCK));
  }

  @Test
  void eio() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=8k-12k:count=1");
    List<One> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(write(file, i));
    }
    IOException e = all.get(2).failure();
    assertEquals("Input/output error", e.getMessage());
    DirectIoException details = assertInstanceOf(DirectIoException.class, e.getCause());
    assertEquals(
        "write of 4096 bytes at 8192 of " + test.path("f") + " ended with EIO",
        details.getMessage());
    for (int i = 0; i < 8; i++) {
      assertEquals(i == 2 ? -1 : BLOCK, all.get(i).outcome(), "write " + i);
    }
    Failed failed = test.events.only(Failed.class);
    assertEquals(8192, failed.request().offset());
    assertEquals(-5, failed.result());
    assertEquals(1, test.statistics().errors());
    assertEquals(BLOCK, write(file, 2).bytes(), "the next one is fine");
    assertBlock(2);
  }

  /**
   * An error replaces the count of bytes before it (000), except at a limit, which is a short
   * write.
   */
  @Test
  void anErrorInTheMiddle() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=512k-513k:count=1");
    IOException e = endings.write(file, TestRuntime.bytes(MIB, 1), 0).failure();
    assertEquals("Input/output error", e.getMessage());
    assertEquals("786432 of 1048576 written", test.events.only(Failed.class).reason());
    assertEquals(MIB, endings.write(file, TestRuntime.bytes(MIB, 1), 0).bytes());
  }

  @Test
  void enospcAfterProgressIsAShortWrite() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "enospc:offset=512k-513k:count=1");
    assertEquals(512 << 10, endings.write(file, TestRuntime.bytes(MIB, 1), 0).bytes());
    IOException e = start2("enospc:count=1");
    assertEquals("No space left on device", e.getMessage());
  }

  private IOException start2(String rule) throws Exception {
    test.close();
    return write(start(FilePolicy.DEFAULT, rule), 0).failure();
  }

  /** A thread writes the missing rest; no byte is written twice or left out. */
  @ParameterizedTest
  @ValueSource(strings = {"short:count=1", "short:count=2", "short:offset=256k-300k:count=1"})
  void shortResults(String rule) throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, rule);
    byte[] bytes = TestRuntime.bytes(MIB, 7);
    assertEquals(MIB, endings.write(file, bytes, 0).bytes());
    assertArrayEquals(bytes, Arrays.copyOf(test.content("f"), MIB));
    assertEquals(0, test.statistics().errors());
    assertEquals(MIB, test.statistics().directBytes() + test.statistics().bufferedBytes());
  }

  @Test
  void duplicatesAreDropped() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "duplicate:count=20");
    for (int i = 0; i < 20; i++) {
      write(file, i);
    }
    endings.await();
    test.await("20 duplicates", now -> now.duplicates() == 20, Endings.LONG);
    assertEquals(20, test.events.all(Duplicate.class).size());
    for (int i = 0; i < 20; i++) {
      assertBlock(i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"submit-eagain:count=40", "submit-block:for=300ms:count=3", "delay:for=200ms"})
  void aSlowWriteOnlyTakesLonger(String rule) throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, rule);
    List<One> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(write(file, i));
    }
    for (int i = 0; i < 40; i++) {
      assertEquals(BLOCK, all.get(i).bytes());
      assertBlock(i);
    }
    assertEquals(0, test.statistics().lost());
  }

  @Test
  void lost() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:offset=4k-8k:count=1");
    DirectFile patient = test.open("f");
    test.loses();
    One one = write(patient, 0);
    One two = write(file, 1);
    assertEquals(BLOCK, one.bytes());
    IOException e = two.failure();
    assertInstanceOf(DirectIoException.class, e);
    assertTrue(
        e.getMessage().startsWith("write of 4096 bytes at 4096 of " + test.path("f") + " has not"),
        e.getMessage());
    assertTrue(e.getMessage().endsWith("waiting for the completion and counts as lost"));
    Lost lost = test.events.only(Lost.class);
    assertEquals(4096, lost.request().offset());
    assertEquals(BLOCK, test.statistics().quarantinedBytes());
    assertEquals(1, test.statistics().lost());
    assertEquals(BLOCK, write(patient, 1).bytes(), "others go on");
    assertFalse(two.by().getName().contains("watchdog"), two.by().getName());
  }

  @Test
  void late() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "late:for=1s:count=3");
    List<One> all = List.of(write(file, 0), write(file, 1), write(file, 2));
    for (One one : all) {
      assertTrue(one.failure().getMessage().contains("counts as lost"));
    }
    test.await("late ones", now -> now.late() == 3 && now.quarantinedBytes() == 0, Endings.LONG);
    assertEquals(3, test.events.all(Late.class).size());
    assertFalse(test.events.all(Late.class).get(0).delivered());
    assertEquals(3, test.events.all(WriteEnded.class).size());
  }

  /** {@code on-lost=report}: the loss is reported, and the caller waits. */
  @Test
  void reported() throws Exception {
    DirectFile file = start(SHORT_DEADLINE.withOnLost(OnLost.REPORT), "late:for=1s:count=1");
    assertEquals(BLOCK, write(file, 0).bytes());
    assertEquals(1, test.events.all(Lost.class).size());
    assertTrue(test.events.only(Late.class).delivered());
  }

  /** The submitter itself is held: writes queued behind it end in time all the same. */
  @Test
  void theSubmitterIsStuck() throws Exception {
    test = TestRuntime.withFaults("submit-block:path=**/stuck:for=3s:count=1");
    DirectFile stuck = test.openWritten("stuck", MIB, SHORT_DEADLINE);
    DirectFile other = test.openWritten("f", MIB, SHORT_DEADLINE);
    // Without the flag the submitter can be held.
    stuck.context().ability().learn(PieceOutcome.NO_NOWAIT);
    One first = endings.write(stuck, new byte[BLOCK], 0);
    test.events.await(RecordingEventSink.Injected.class, 1, Endings.LONG);
    One second = write(other, 0);
    assertTrue(
        first
            .failure()
            .getMessage()
            .contains("waiting for " + TestRuntime.submittingCall() + " to return"),
        first.failure().getMessage());
    assertTrue(
        second.failure().getMessage().contains("could not start"), second.failure().getMessage());
    assertEquals(2, test.statistics().lost());
    test.await("late", now -> now.late() == 1, Endings.LONG);
    assertEquals(BLOCK, write(test.open("f"), 0).bytes(), "and goes on");
  }

  /** Lost writes hold all the memory: the next ones fail with that reason, and do not hang. */
  @Test
  void noMemory() throws Exception {
    test =
        TestRuntime.withFaults(
            new RuntimeOptions(4, 64 << 10, 256 << 10), "late:path=**/f:for=2s:count=2");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    // One device may have half of it.
    for (int i = 0; i < 2; i++) {
      endings.write(file, TestRuntime.bytes(64 << 10, i), (long) i * (64 << 10));
    }
    One next = endings.write(file, TestRuntime.bytes(64 << 10, 2), 2 * (64 << 10));
    IOException e = next.failure();
    assertInstanceOf(DirectIoException.class, e);
    assertTrue(e.getMessage().contains("could not start within"), e.getMessage());
    assertTrue(e.getMessage().contains("no buffer memory was free"), e.getMessage());
    endings.await();
    test.await("the late ones", now -> now.bufferBytes() == 0, Endings.LONG);
    assertEquals(
        64 << 10, endings.write(test.open("f"), TestRuntime.bytes(64 << 10, 5), 0).bytes());
  }

  /** More are lost than the lane has slots. */
  @Test
  void lostOnesTakeAllSlots() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "late:for=3s:count=128");
    for (int i = 0; i < 128; i++) {
      write(file, i);
    }
    endings.await();
    assertEquals(128, test.statistics().lost());
    DirectFile patient = test.open("f");
    assertEquals(BLOCK, write(patient, 200).bytes(), "goes by a thread");
    assertBlock(200);
    test.await("the late ones", now -> now.late() == 128, Endings.LONG);
    assertEquals(BLOCK, write(patient, 201).bytes());
  }

  @Test
  void closeIsBoundByTheDeadline() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:count=2");
    test.loses();
    One one = write(file, 0);
    One two = write(file, 1);
    file.close();
    assertTrue(one.failure().getMessage().contains("counts as lost"));
    assertTrue(two.failure().getMessage().contains("counts as lost"));
  }

  /** One file's unaligned writes wait; another file's do not wait for them. */
  @Test
  void aSlowFileDoesNotStarveAnother() throws Exception {
    test = TestRuntime.withFaults("delay:path=**/slow:for=2s");
    DirectFile slow = test.openWritten("slow", MIB, FilePolicy.DEFAULT);
    DirectFile fast = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    List<One> slowOnes = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      slowOnes.add(endings.write(slow, new byte[10], (long) i * BLOCK + 1));
    }
    assertEquals(BLOCK, write(fast, 0).bytes());
    assertEquals(10, endings.write(fast, new byte[10], 5 * BLOCK + 1).bytes());
    assertFalse(slowOnes.get(23).isOver(), "the slow ones are still on their way");
    endings.await();
  }

  /**
   * The page cache kept a page (002, 003); without RWF_NOWAIT, which would refuse the write before.
   */
  @ParameterizedTest
  @EnumSource(OnCollision.class)
  void collisions(OnCollision policy) throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT.withOnCollision(policy), "invalidate-eio:count=1");
    file.context().ability().learn(PieceOutcome.NO_NOWAIT);
    One one = write(file, 3);
    if (policy == OnCollision.FAIL) {
      assertEquals("Input/output error", one.failure().getMessage());
      assertEquals(-5, test.events.only(Failed.class).result());
    } else {
      assertEquals(BLOCK, one.bytes());
      assertBlock(3);
    }
    Collision reported = test.events.only(Collision.class);
    assertEquals(3 * BLOCK, reported.part().offset());
    assertEquals(BLOCK, reported.part().lengthBytes());
    assertEquals(policy, reported.policy());
    assertEquals(
        policy == OnCollision.LAUNDER ? 2 * BLOCK : BLOCK, test.statistics().directBytes());
  }

  /** Any mixture of faults: each write ends once, and the file has all bytes reported written. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyMixture(int seed) throws Exception {
    DirectFile file =
        start(
            FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(700)),
            "eio:rate=0.05:seed=" + seed,
            "short:rate=0.05:seed=" + (seed + 100),
            "duplicate:rate=0.05:seed=" + (seed + 200),
            "delay:for=30ms:rate=0.1:seed=" + (seed + 300),
            "late:for=1s:rate=0.02:seed=" + (seed + 400),
            "submit-eagain:rate=0.02:seed=" + (seed + 500),
            "submit-block:for=20ms:rate=0.02:seed=" + (seed + 600));
    Random random = new Random(seed);
    List<One> all = new ArrayList<>();
    List<byte[]> written = new ArrayList<>();
    int slot = 8 * BLOCK;
    for (int i = 0; i < 64; i++) {
      int length =
          random.nextBoolean() ? BLOCK * (1 + random.nextInt(8)) : 1 + random.nextInt(slot);
      byte[] bytes = TestRuntime.bytes(length, seed * 1000L + i);
      written.add(bytes);
      all.add(endings.write(file, bytes, (long) i * slot));
    }
    endings.await();
    // A write reported lost may still be written, and has to end before the file is checked.
    test.awaitSettled();
    byte[] content = test.content("f");
    for (int i = 0; i < 64; i++) {
      long outcome = all.get(i).outcome();
      if (outcome >= 0) {
        // Less than asked for if a later buffered part failed, as for any write.
        assertTrue(outcome <= written.get(i).length, "write " + i);
        int from = i * slot;
        assertArrayEquals(
            Arrays.copyOf(written.get(i), (int) outcome),
            Arrays.copyOfRange(content, from, from + (int) outcome),
            "write " + i);
      }
    }
  }
}
