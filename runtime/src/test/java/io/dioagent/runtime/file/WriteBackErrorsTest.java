package io.dioagent.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dioagent.runtime.api.Errno;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Assigns an error that the kernel returns once, to any caller, to its request. */
@Tag("host")
class WriteBackErrorsTest {
  private static final long EIO = -Errno.EIO;
  private static final long ENOSPC = -Errno.ENOSPC;

  private final WriteBackErrors errors = new WriteBackErrors(TimeUnit.SECONDS.toNanos(60));

  private static WriteBackErrors.Question answering(long answer) {
    return fd -> answer;
  }

  private static long ask(WriteBackErrors.Window window, long answer) {
    return window.ask(answering(answer));
  }

  @Test
  void anErrorThatIsThereAlreadyHasNoOwner() {
    try (WriteBackErrors.Window window = errors.open(7, answering(EIO))) {
      assertEquals(7, window.fd());
      assertEquals(EIO, window.standingError());
      assertEquals(0, ask(window, 0));
    }
    try (WriteBackErrors.Window window = errors.open(7, answering(0))) {
      assertEquals(0, window.standingError());
      assertEquals(0, ask(window, 0));
    }
  }

  /**
   * The error may belong to the request in flight: so it is that one's, and is not reported without
   * an owner.
   */
  @Test
  void anErrorFoundNextBelongsToRequestsInFlight() {
    try (WriteBackErrors.Window first = errors.open(7, answering(0));
        WriteBackErrors.Window second = errors.open(7, answering(EIO))) {
      assertEquals(0, second.standingError());
      assertEquals(EIO, ask(first, 0));
      assertEquals(0, ask(second, 0));
    }
  }

  @Test
  void oneErrorIsOfAllOnTheirWay() {
    try (WriteBackErrors.Window before = errors.open(7, null);
        WriteBackErrors.Window one = errors.open(7, null)) {
      assertEquals(0, ask(before, 0));
      assertEquals(ENOSPC, ask(one, ENOSPC));
      assertEquals(ENOSPC, ask(before, 0));
      assertEquals(EIO, errors.ask(7, answering(EIO)), "outside");
      assertEquals(EIO, ask(one, 0));
    }
    try (WriteBackErrors.Window after = errors.open(7, null)) {
      assertEquals(0, ask(after, 0));
    }
  }

  /** An earlier query may have the error, and not have returned yet. */
  @Test
  void aQuestionThatWasPutBeforeIsWaitedFor() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    WriteBackErrors.Window slow = errors.open(7, null);
    CompletableFuture<Long> slowly =
        CompletableFuture.supplyAsync(
            () ->
                slow.ask(
                    fd -> {
                      asked.countDown();
                      try {
                        answer.await();
                      } catch (InterruptedException e) {
                        return 0;
                      }
                      return EIO;
                    }),
            task -> new Thread(task).start());
    asked.await();
    WriteBackErrors.Window fast = errors.open(7, null);
    CompletableFuture<Long> fastly =
        CompletableFuture.supplyAsync(() -> ask(fast, 0), task -> new Thread(task).start());
    Thread.sleep(50);
    assertFalse(fastly.isDone());
    answer.countDown();
    assertEquals(EIO, slowly.get(60, TimeUnit.SECONDS));
    assertEquals(EIO, fastly.get(60, TimeUnit.SECONDS));
    slow.close();
    fast.close();
  }

  /** A request that waits for its own pages has no result yet. */
  @Test
  void oneThatWaitsForTheDeviceIsNotWaitedFor() {
    WriteBackErrors impatient = new WriteBackErrors();
    WriteBackErrors.Window slow = impatient.open(7, null);
    WriteBackErrors.Window fast = impatient.open(7, null);
    assertEquals(0, slow.ask(fd -> ask(fast, 0)));
    slow.close();
    fast.close();
  }
}
