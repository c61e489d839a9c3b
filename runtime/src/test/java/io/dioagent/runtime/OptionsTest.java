package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Impossible options are refused, with the actual and the expected value. */
class OptionsTest {

  private static void assertRefused(String message, int depth, int maxIo, long memory) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> new RuntimeOptions(depth, maxIo, memory))
            .getMessage());
  }

  @Test
  void sizes() {
    assertRefused("queueDepth is 0, expected 1 to 256", 0, 4096, 4096);
    assertRefused("queueDepth is 257, expected 1 to 256", 257, 4096, 4096);
    String maxIo = ", expected a power of two from 4096 to 67108864";
    assertRefused("maxIoBytes is 2048" + maxIo, 1, 2048, 4096);
    assertRefused("maxIoBytes is 12288" + maxIo, 1, 12288, 1 << 20);
    assertRefused("maxIoBytes is 134217728" + maxIo, 1, 128 << 20, 1L << 30);
    assertRefused("maxIoBytes is -2147483648" + maxIo, 1, Integer.MIN_VALUE, 1L << 30);
    assertRefused(
        "bufferMemoryBytes is 4095, expected at least maxIoBytes, which is 4096", 1, 4096, 4095);
  }

  @Test
  void deadlines() {
    for (Duration one : new Duration[] {Duration.ZERO, Duration.ofMillis(-1)}) {
      assertEquals(
          "deadline is " + one + ", expected more than zero",
          assertThrows(IllegalArgumentException.class, () -> FilePolicy.DEFAULT.withDeadline(one))
              .getMessage());
    }
    FilePolicy changed =
        FilePolicy.DEFAULT
            .withDeadline(Duration.ofSeconds(1))
            .withOnLost(OnLost.REPORT)
            .withOnCollision(OnCollision.LAUNDER)
            .withFallbackAllowed(false);
    assertEquals(
        new FilePolicy(
            Duration.ofSeconds(1),
            OnLost.REPORT,
            OnCollision.LAUNDER,
            false,
            WriteMode.SYNC,
            ReadMode.BUFFERED),
        changed);
  }

  @Test
  void buffers() {
    try (DirectRuntime runtime =
        DirectRuntime.start(new RuntimeOptions(1, 8192, 8192), EventSink.none())) {
      for (int length : new int[] {0, -1, 8193}) {
        assertEquals(
            "lengthBytes is " + length + ", expected 1 to 8192",
            assertThrows(IllegalArgumentException.class, () -> runtime.allocate(length))
                .getMessage());
      }
      try (AlignedBuffer all = runtime.allocate(8192)) {
        assertEquals(8192, all.capacityBytes());
        assertEquals(
            "no buffer memory is free; buffer-memory is 8192 bytes, in use 8192, of these"
                + " quarantined 0",
            assertThrows(IllegalStateException.class, () -> runtime.allocate(1)).getMessage());
      }
      runtime.allocate(1).close();
    }
  }
}
