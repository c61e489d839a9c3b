package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.testing.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Counters and events agree, for each fault and each kind of write: as many errors, lost and late
 * requests as there are events of them. Each lost request that may come late does. {@link
 * TestRuntime#close} checks this in each test of the runtime; this class covers all kinds and
 * faults.
 */
@Tag("engine")
@Tag("host")
class CountersTest {
  private static final int BLOCK = 4096;
  private static final int WRITES = 12;
  private static final Duration DEADLINE = Duration.ofMillis(150);

  /** The way of making a write. */
  private enum Way {
    ALIGNED,
    UNALIGNED,
    EXTENDING,
    PIPELINED,
    ASYNC,
    QUEUED
  }

  static Stream<Arguments> all() {
    List<String> faults =
        List.of(
            "lose:count=2",
            "late:for=400ms:count=3",
            "delay:for=40ms:count=4",
            "submit-block:for=400ms:count=3",
            "duplicate:count=3",
            "eio:count=3");
    List<Arguments> all = new ArrayList<>();
    for (Way way : Way.values()) {
      for (String fault : faults) {
        for (OnLost onLost : OnLost.values()) {
          if (onLost == OnLost.FAIL || !fault.startsWith("lose")) {
            all.add(Arguments.of(way, fault, onLost));
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agree(Way way, String fault, OnLost onLost) throws Exception {
    FilePolicy policy = FilePolicy.DEFAULT.withDeadline(DEADLINE).withOnLost(onLost);
    policy = way == Way.PIPELINED ? policy.withWrite(WriteMode.PIPELINED) : policy;
    try (TestRuntime test = TestRuntime.withFaults(fault)) {
      if (fault.startsWith("lose")) {
        test.loses();
      }
      test.expectErrorsAtClose();
      DirectFile file =
          way == Way.EXTENDING
              ? test.open("f", policy)
              : test.openWritten("f", WRITES * 2 * BLOCK, policy);
      switch (way) {
        case ASYNC -> writeAsync(file);
        case QUEUED -> writeQueued(test, file);
        default -> writeSync(file, way);
      }
      settle(file);
      if (!fault.startsWith("lose")) {
        test.awaitSettled();
      }
    }
  }

  private static void settle(DirectFile file) {
    try {
      file.force(false);
    } catch (IOException e) {
      // Thrown for a write that had returned.
    }
  }

  /** From several threads, so that some wait for others. */
  private static void writeSync(DirectFile file, Way way) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITES; i++) {
      int number = i;
      int length = way == Way.UNALIGNED ? BLOCK + 100 : BLOCK;
      Thread thread =
          new Thread(
              () -> {
                try {
                  TestRuntime.write(
                      file, TestRuntime.bytes(length, number), (long) number * 2 * BLOCK);
                } catch (IOException e) {
                  // Expected with the fault; the events are checked.
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join(60_000);
      assertFalse(thread.isAlive(), "a write does not end");
    }
  }

  private static void writeAsync(DirectFile file) throws Exception {
    CountDownLatch ended = new CountDownLatch(WRITES);
    for (int i = 0; i < WRITES; i++) {
      ByteBuffer source = ByteBuffer.wrap(TestRuntime.bytes(i % 2 == 0 ? BLOCK : 100, i));
      file.writeAsync(
          WriteSource.of(source), (long) i * 2 * BLOCK, (bytes, failure) -> ended.countDown());
    }
    assertTrue(ended.await(60, TimeUnit.SECONDS), ended.getCount() + " do not end");
  }

  private static void writeQueued(TestRuntime test, DirectFile file) throws IOException {
    try (WriteQueue queue = test.runtime.newQueue(WRITES)) {
      for (int i = 0; i < WRITES; i++) {
        try (AlignedBuffer buffer = test.runtime.allocate(BLOCK)) {
          queue.submit(file, buffer, BLOCK, (long) i * BLOCK, i);
        }
      }
      while (queue.inFlight() > 0) {
        int unused = queue.await(1, Duration.ofSeconds(1), (data, result, id) -> {});
      }
    }
  }

  /** A write that never reached the kernel has ended with its loss, and the event says so. */
  @Test
  void aRequestNotStartedIsNotPending() throws Exception {
    try (TestRuntime test =
        new TestRuntime(new RuntimeOptions(8, 1 << 20, 1 << 20), engine -> engine)) {
      DirectFile file =
          test.openWritten("f", BLOCK, FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(50)));
      try (AlignedBuffer all = test.runtime.allocate(1 << 20)) {
        IOException failure = null;
        try {
          TestRuntime.write(file, new byte[BLOCK], 0);
        } catch (IOException e) {
          failure = e;
        }
        assertTrue(failure instanceof DirectIoException, "" + failure);
        assertEquals(1 << 20, all.capacityBytes());
      }
      Lost lost = test.events.only(Lost.class);
      assertFalse(lost.pending());
      assertTrue(lost.reason().startsWith("not started: no buffer memory"), lost.reason());
    }
  }

  /** A failed write by other code counts as an error too. */
  @Test
  void observedErrorsAreErrors() throws Exception {
    try (TestRuntime test = new TestRuntime();
        Scratch scratch = new Scratch()) {
      Files.write(scratch.file("f"), new byte[BLOCK]);
      DirectFile file = test.open("f");
      file.observeWrite(0, 10).end(-Errno.ENOSPC);
      file.observeRead(0, 10).end(-Errno.EIO);
      file.observeForce(true).end(-Errno.EIO);
      assertEquals(2, test.statistics().errors(), "a force's is in its own event");
    }
  }
}
