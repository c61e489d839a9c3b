package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;

/** Files on a faulty device, for the tests of results and events. */
abstract class FaultTestBase {
  static final int MIB = 1 << 20;
  static final long DEADLINE_MILLIS = 300;

  /**
   * Limits the return of a caller; the error shows that it was released, and more than this is a
   * hang.
   */
  static final long GRACE_MILLIS = 60_000;

  static final FilePolicy SHORT_DEADLINE =
      FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(DEADLINE_MILLIS));

  TestRuntime test;

  @AfterEach
  void close() {
    test.close();
  }

  DirectFile start(FilePolicy policy, String... rules) throws IOException {
    test = TestRuntime.withFaults(rules);
    return test.openWritten("f", 2 * MIB, policy);
  }

  static byte[] block(int seed) {
    return TestRuntime.bytes(4096, seed);
  }

  void assertContent(byte[] expected, int offset) throws IOException {
    assertArrayEquals(
        expected, Arrays.copyOfRange(test.content("f"), offset, offset + expected.length));
  }

  DirectIoException assertLost(DirectFile file, byte[] bytes, long offset) {
    long before = System.nanoTime();
    DirectIoException e =
        assertThrows(DirectIoException.class, () -> TestRuntime.write(file, bytes, offset));
    long took = TestRuntime.millisSince(before);
    assertTrue(
        took >= DEADLINE_MILLIS && took <= DEADLINE_MILLIS + GRACE_MILLIS, "took " + took + " ms");
    assertEquals(Errno.ETIMEDOUT, e.errno());
    String message = e.getMessage();
    String named = "write of " + bytes.length + " bytes at " + offset + " of " + test.path("f");
    assertTrue(message.startsWith(named + " has not ended after "), message);
    assertTrue(message.contains(" ms, deadline " + DEADLINE_MILLIS + " ms: "), message);
    int ageAt = message.indexOf("after ") + 6;
    long age = Long.parseLong(message.substring(ageAt, message.indexOf(' ', ageAt)));
    assertTrue(age >= DEADLINE_MILLIS && age <= took, message);
    return e;
  }
}
