package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Completions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;

/** A runtime, buffers and results for the tests of write queues. */
abstract class WriteQueueTestBase {
  static final int BLOCK = 4096;
  static final int MIB = 1 << 20;
  static final Duration LONG = Duration.ofSeconds(60);
  static final FilePolicy SHORT_DEADLINE = FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(300));

  TestRuntime test = new TestRuntime();
  final List<AlignedBuffer> buffers = new ArrayList<>();

  /** Results by user data; a second completion of one fails the test at once. */
  final Map<Long, Long> results = new TreeMap<>();

  final Set<Long> requestIds = new HashSet<>();

  @AfterEach
  void close() {
    buffers.forEach(AlignedBuffer::close);
    test.close();
  }

  void restart(String... faults) {
    test.close();
    test = TestRuntime.withFaults(faults);
  }

  void completed(long userData, long result, long requestId) {
    Long before = results.put(userData, result);
    assertEquals(null, before, userData + " is completed twice: " + before + " and " + result);
    assertTrue(requestIds.add(requestId), "request id " + requestId);
  }

  AlignedBuffer buffer(int lengthBytes, long seed) {
    AlignedBuffer buffer = test.runtime.allocate(lengthBytes);
    buffer.byteBuffer().put(0, TestRuntime.bytes(lengthBytes, seed));
    buffers.add(buffer);
    return buffer;
  }

  void assertContent(byte[] expected, int offset) throws IOException {
    assertArrayEquals(
        expected, Arrays.copyOfRange(test.content("f"), offset, offset + expected.length));
  }

  /** Returns an engine whose completions are out of reach while they are held. */
  static AioEngine held(AioEngine engine, AtomicBoolean held) {
    return depth ->
        new WrappedContext(engine.open(depth)) {
          @Override
          public int reap(Completions batch, int min, long timeoutNanos) {
            if (held.get()) {
              LockSupport.parkNanos(timeoutNanos);
              return 0;
            }
            return super.reap(batch, min, timeoutNanos);
          }
        };
  }
}
