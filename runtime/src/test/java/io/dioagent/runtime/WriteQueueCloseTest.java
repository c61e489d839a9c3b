package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of write queues, and queues of several threads. */
@Tag("engine")
class WriteQueueCloseTest extends WriteQueueTestBase {
  @Test
  void closingWaitsForWritesInFlight() throws Exception {
    restart("delay:for=200ms");
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    WriteQueue queue = test.runtime.newQueue(4);
    long before = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
    }
    queue.close();
    assertTrue(TestRuntime.millisSince(before) >= 200);
    for (int i = 0; i < 4; i++) {
      assertContent(TestRuntime.bytes(BLOCK, i), i * BLOCK);
      assertFalse(buffers.get(i).isInUse());
    }
    assertEquals(4, test.events.all(WriteEnded.class).size());
    queue.close();
  }

  @Test
  void aClosedQueueRefuses() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    AlignedBuffer buffer = buffer(BLOCK, 1);
    WriteQueue queue = test.runtime.newQueue(1);
    queue.close();
    assertThrows(IllegalStateException.class, () -> queue.submit(file, buffer, BLOCK, 0, 1));
    assertFalse(buffer.isInUse());
    assertEquals(0, queue.await(1, Duration.ofMillis(10), this::completed));
  }

  /** Counts contexts. */
  private static final class CountingEngine implements AioEngine {
    private final AioEngine engine;
    private final AtomicInteger open;

    CountingEngine(AioEngine engine, AtomicInteger open) {
      this.engine = engine;
      this.open = open;
    }

    @Override
    public AioContext open(int depth) throws AioUnavailableException {
      AioContext context = engine.open(depth);
      open.incrementAndGet();
      return new WrappedContext(context) {
        @Override
        public void close() {
          super.close();
          open.decrementAndGet();
        }
      };
    }
  }

  private static void awaitNone(AtomicInteger open) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (open.get() > 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertEquals(0, open.get(), "contexts that are still open");
  }

  @Test
  void contextsAreGivenBack() throws Exception {
    test.close();
    AtomicInteger open = new AtomicInteger();
    test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> new CountingEngine(engine, open));
    for (int i = 0; i < 10; i++) {
      DirectFile file = test.openWritten("f" + i, MIB, FilePolicy.DEFAULT);
      try (WriteQueue queue = test.runtime.newQueue(4)) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, 0, i);
        queue.await(1, LONG, this::completed);
      }
    }
    awaitNone(open);
  }

  /** As by two nested try-with-resources. */
  @Test
  void contextsAreGivenBackWhenTheRuntimeIsClosedRightAfter() throws Exception {
    AtomicInteger open = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      try (DirectRuntime runtime =
          DirectRuntime.start(
              RuntimeOptions.DEFAULT,
              EventSink.none(),
              new CountingEngine(TestRuntime.engine(), open))) {
        runtime.newQueue(4).close();
      }
    }
    awaitNone(open);
  }

  /** A handler that throws loses its own completion only. */
  @Test
  void aHandlerThatThrows() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      int failures = 0;
      for (int i = 0; i < 8 && results.size() < 4; i++) {
        try {
          queue.await(
              4 - results.size(),
              LONG,
              (userData, result, requestId) -> {
                completed(userData, result, requestId);
                throw new IllegalStateException("as wanted");
              });
        } catch (IllegalStateException e) {
          failures++;
        }
      }
      assertEquals(4, failures);
      assertEquals(Set.of(0L, 1L, 2L, 3L), results.keySet());
    }
  }

  /** Submitted from other threads, one after the other: queues of several threads share nothing. */
  @Test
  void queuesSideBySide() throws Exception {
    int threads = 4;
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
    for (int t = 0; t < threads; t++) {
      int number = t;
      CompletableFuture<Void> one = new CompletableFuture<>();
      all[t] = one;
      DirectFile file = test.openWritten("f" + t, MIB, FilePolicy.DEFAULT);
      new Thread(
              () -> {
                try (WriteQueue queue = test.runtime.newQueue(8);
                    AlignedBuffer buffer = test.runtime.allocate(BLOCK)) {
                  buffer.byteBuffer().put(0, TestRuntime.bytes(BLOCK, number));
                  int done = 0;
                  for (int i = 0; i < 1000; i++) {
                    while (queue.inFlight() == 8) {
                      done +=
                          queue.await(1, LONG, (data, result, id) -> assertEquals(BLOCK, result));
                    }
                    queue.submit(file, buffer, BLOCK, (i % 256) * 4096L, i);
                  }
                  while (queue.inFlight() > 0) {
                    done += queue.await(1, LONG, (data, result, id) -> assertEquals(BLOCK, result));
                  }
                  assertEquals(1000, done);
                  one.complete(null);
                } catch (IOException | RuntimeException | AssertionError e) {
                  one.completeExceptionally(e);
                }
              })
          .start();
    }
    CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
    for (int t = 0; t < threads; t++) {
      byte[] block = TestRuntime.bytes(BLOCK, t);
      ByteBuffer content = ByteBuffer.wrap(test.content("f" + t));
      byte[] read = new byte[BLOCK];
      while (content.hasRemaining()) {
        content.get(read);
        assertArrayEquals(block, read);
      }
    }
  }
}
