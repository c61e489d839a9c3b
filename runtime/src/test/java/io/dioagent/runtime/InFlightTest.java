package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.WriteMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link DirectRuntime#inFlight} lists each operation that has begun and not ended, once. */
@Tag("engine")
class InFlightTest {
  private static final int BLOCK = 4096;
  private static final FilePolicy SOON = FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(100));

  private static List<InFlightRequest> await(TestRuntime test, int count)
      throws InterruptedException {
    return await(test, requests -> requests.size() == count);
  }

  private static List<InFlightRequest> await(
      TestRuntime test, Predicate<List<InFlightRequest>> expected) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    List<InFlightRequest> now = test.runtime.inFlight();
    while (!expected.test(now) && System.nanoTime() - end < 0) {
      Thread.sleep(2);
      now = test.runtime.inFlight();
    }
    assertTrue(expected.test(now), now::toString);
    return now;
  }

  private static List<Long> offsets(List<InFlightRequest> requests) {
    return requests.stream().map(one -> one.request().offset()).sorted().toList();
  }

  private static CompletableFuture<Void> writing(DirectFile file, int lengthBytes, long position) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            TestRuntime.write(file, TestRuntime.bytes(lengthBytes, 1), position);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        },
        task -> new Thread(task, "the writer").start());
  }

  @Test
  void aWriteWhoseCallerWaits() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("delay:for=2s")) {
      DirectFile file = test.openWritten("f", 4 * BLOCK, SOON.withOnLost(OnLost.REPORT));
      assertEquals(List.of(), test.runtime.inFlight());
      CompletableFuture<Void> write = writing(file, BLOCK, 2 * BLOCK);
      InFlightRequest one = await(test, 1).get(0);
      assertEquals("write", one.operation());
      assertEquals(test.path("f").toString(), one.request().path());
      assertEquals(2 * BLOCK, one.request().offset());
      assertEquals(BLOCK, one.request().lengthBytes());
      assertEquals("the writer", one.submitter().getName());
      assertFalse(one.waitingFor().isEmpty());
      Thread.sleep(200);
      InFlightRequest later = await(test, 1).get(0);
      assertTrue(later.isOverdue(), later::toString);
      assertTrue(later.ageNanos() > one.ageNanos());
      write.get();
      await(test, 0);
    }
  }

  /** Two buffered ends and a direct middle: one write all the same. */
  @Test
  void anUnalignedWriteIsOne() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("delay:for=2s")) {
      DirectFile file = test.openWritten("f", 8 * BLOCK, FilePolicy.DEFAULT);
      CompletableFuture<Void> write = writing(file, 3 * BLOCK, 100);
      assertEquals(3 * BLOCK, await(test, 1).get(0).request().lengthBytes());
      write.get();
      await(test, 0);
    }
  }

  @Test
  void asynchronousWrites() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("delay:for=2s")) {
      DirectFile file = test.openWritten("f", 8 * BLOCK, FilePolicy.DEFAULT);
      Endings endings = new Endings();
      for (int i = 0; i < 3; i++) {
        endings.write(file, TestRuntime.bytes(BLOCK, i), (long) i * BLOCK);
      }
      await(test, 3);
      endings.await();
      await(test, 0);
    }
  }

  @Test
  void aQueue() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("delay:for=2s")) {
      DirectFile file = test.openWritten("f", 8 * BLOCK, FilePolicy.DEFAULT);
      try (WriteQueue queue = test.runtime.newQueue(4);
          AlignedBuffer buffer = test.runtime.allocate(BLOCK)) {
        queue.submit(file, buffer, BLOCK, 0, 7);
        queue.flush();
        assertEquals(BLOCK, await(test, 1).get(0).request().lengthBytes());
        queue.await(1, Duration.ofSeconds(60), (userData, result, id) -> {});
        await(test, 0);
      }
    }
  }

  @Test
  void pipelinedOnesThatWaitForTheirTurn() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("delay:for=2s:count=1")) {
      FilePolicy pipelined = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
      DirectFile file = test.openWritten("f", 64 * BLOCK, pipelined);
      TestRuntime.write(file, TestRuntime.bytes(BLOCK, 1), 0);
      TestRuntime.write(file, TestRuntime.bytes(BLOCK, 2), 10 * BLOCK);
      TestRuntime.write(file, TestRuntime.bytes(BLOCK, 3), 20 * BLOCK);
      // The last one may or may not be open; the first is not listed while it gets its lane.
      List<Long> begun = List.of(0L, 10L * BLOCK);
      List<InFlightRequest> all = await(test, requests -> offsets(requests).containsAll(begun));
      assertEquals(List.of(0L, 10L * BLOCK, 20L * BLOCK).subList(0, all.size()), offsets(all));
      assertTrue(
          all.stream().anyMatch(one -> one.operation().equals("pipelined write")), all::toString);
      file.force(false);
      await(test, 0);
    }
  }
}
