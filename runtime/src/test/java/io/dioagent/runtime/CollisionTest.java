package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Collision;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Direct writes beside a mapping that is being written to. It is luck how often the kernel finds a
 * page that it cannot drop. So the test compares events with results, and prints how often it
 * happened.
 */
@Tag("engine")
class CollisionTest {
  private static final int BYTES = 64 << 10;
  private static final byte MAPPED = 0x55;
  private static final byte DIRECT = 0x2a;
  private static final long LONGEST_MILLIS = 2500;
  private static final int ENOUGH = 20;

  /** Counts of writes, and of those that failed. */
  private record Tally(int writes, int failures) {}

  private static Tally collide(TestRuntime test, OnCollision policy) throws Exception {
    DirectFile file = test.openWritten("f", BYTES, FilePolicy.DEFAULT.withOnCollision(policy));
    byte[] bytes = new byte[BYTES];
    java.util.Arrays.fill(bytes, DIRECT);
    AtomicBoolean stop = new AtomicBoolean();
    int writes = 0;
    int failures = 0;
    try (FileChannel channel =
        FileChannel.open(test.path("f"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      Thread dirtying =
          new Thread(
              () -> {
                while (!stop.get()) {
                  for (int at = 0; at < BYTES; at += 512) {
                    mapped.put(at, MAPPED);
                  }
                }
              });
      dirtying.start();
      try {
        long began = System.nanoTime();
        while (TestRuntime.millisSince(began) < LONGEST_MILLIS
            && test.events.all(Collision.class).size() < ENOUGH) {
          writes++;
          try {
            assertEquals(BYTES, TestRuntime.write(file, bytes, 0));
          } catch (IOException e) {
            failures++;
            assertEquals("Input/output error", e.getMessage());
          }
        }
      } finally {
        stop.set(true);
        dirtying.join();
      }
    }
    int reported = test.events.all(Collision.class).size();
    System.out.println(
        "collisions, "
            + policy
            + ": "
            + reported
            + " reported in "
            + writes
            + " writes beside a mapping");
    assertEquals(reported, test.statistics().collisions());
    for (Collision one : test.events.all(Collision.class)) {
      // A second collision after laundering is only reported.
      boolean again = policy == OnCollision.LAUNDER && one.policy() == OnCollision.REPORT;
      assertTrue(one.policy() == policy || again, "" + one);
      assertEquals(test.path("f").toString(), one.part().path());
      assertTrue(one.part().offset() >= 0 && one.part().lengthBytes() <= BYTES, "" + one);
      assertTrue(one.reason().contains("EIO"), one.reason());
    }
    assertEveryByteWritten(test.content("f"));
    return new Tally(writes, failures);
  }

  private static void assertEveryByteWritten(byte[] content) {
    assertEquals(BYTES, content.length);
    for (int i = 0; i < BYTES; i++) {
      boolean mappedHere = i % 512 == 0 && content[i] == MAPPED;
      assertTrue(content[i] == DIRECT || mappedHere, "byte " + i + " is " + content[i]);
    }
  }

  @Test
  void reported() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      assertEquals(0, collide(test, OnCollision.REPORT).failures());
      assertEquals(0, test.statistics().errors());
    }
  }

  @Test
  void failed() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      Tally tally = collide(test, OnCollision.FAIL);
      assertEquals(test.events.all(Collision.class).size(), tally.failures());
      assertEquals(tally.failures(), test.statistics().errors());
      List<WriteEnded> failed =
          test.events.all(WriteEnded.class).stream().filter(w -> w.result() < 0).toList();
      assertEquals(tally.failures(), failed.size());
    }
  }

  @Test
  void laundered() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      assertEquals(0, collide(test, OnCollision.LAUNDER).failures());
    }
  }

  /** No other writer: no collision is reported. */
  @Test
  void nothingIsReportedWithoutACollision() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      DirectFile file =
          test.openWritten("f", BYTES, FilePolicy.DEFAULT.withOnCollision(OnCollision.FAIL));
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
      for (int i = 0; System.nanoTime() < end; i++) {
        TestRuntime.write(file, TestRuntime.bytes(BYTES, i), 0);
        test.content("f"); // cached, and clean
        TestRuntime.write(file, TestRuntime.bytes(100, i), 50);
      }
      assertEquals(0, test.statistics().collisions());
      assertEquals(0, test.statistics().errors());
    }
  }
}
