package io.dioagent.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The assignment of threads, and the lack of them. Threads run when the test lets them. */
class PwriteContextTest {
  private static final int DEPTH = 4;

  private final int fd = (int) Linux.open("/dev/null", Linux.O_WRONLY | Linux.O_CLOEXEC, 0);
  private final CMemory memory = new CMemory(8);
  private final Submissions submissions = new Submissions(DEPTH);
  private final Completions completions = new Completions(DEPTH);
  private final Semaphore more = new Semaphore(2);

  /** Threads that are made and have not run yet: as if stuck. */
  private final Deque<Runnable> stuck = new ArrayDeque<>();

  private final Executor stuckThreads = stuck::addLast;
  private int threadsLeft;

  /** Runs a task at once, as long as the process may have a thread. */
  private final Executor fewThreads =
      task -> {
        if (threadsLeft-- <= 0) {
          throw new OutOfMemoryError("unable to create native thread, as this test wants it");
        }
        task.run();
      };

  @AfterEach
  void close() {
    submissions.close();
    completions.close();
    memory.close();
    Linux.close(fd);
  }

  private int submit(PwriteContext context, int count) {
    submissions.clearQueue();
    for (int i = 0; i < count; i++) {
      submissions.put(i, i, new RequestInfo(1, "f", 0, 8), fd, memory.address(), 8, 0, 0);
    }
    return context.submit(submissions, 0, count);
  }

  private List<Long> reap(PwriteContext context) {
    List<Long> data = new ArrayList<>();
    int came = context.reap(completions, 0, 0);
    for (int i = 0; i < came; i++) {
      assertEquals(8, completions.result(i));
      data.add(completions.data(i));
    }
    return data;
  }

  @Test
  void aStuckContextLeavesEachOtherOneAThread() {
    try (PwriteContext stuckOne = new PwriteContext(DEPTH, stuckThreads, more);
        PwriteContext other = new PwriteContext(DEPTH, stuckThreads, more)) {
      assertEquals(4, submit(stuckOne, 4));
      assertEquals(3, stuck.size(), "one, and both of the more");
      assertEquals(0, more.availablePermits());
      assertEquals(4, submit(other, 4));
      assertEquals(4, stuck.size(), "one of its own");
      stuck.removeLast().run();
      assertEquals(List.of(0L, 1L, 2L, 3L), reap(other));
      assertEquals(List.of(), reap(stuckOne));
      assertEquals(-Errno.EAGAIN, submit(stuckOne, 1), "the ring is full");
      while (!stuck.isEmpty()) {
        stuck.removeFirst().run();
      }
      assertEquals(List.of(0L, 1L, 2L, 3L), reap(stuckOne));
      assertEquals(2, more.availablePermits());
    }
  }

  @Test
  void noThreadsAtAll() {
    try (PwriteContext context = new PwriteContext(DEPTH, fewThreads, more)) {
      assertEquals(-Errno.EAGAIN, submit(context, 3));
      assertEquals(List.of(), reap(context));
      assertEquals(2, more.availablePermits());
      threadsLeft = 10;
      assertEquals(4, submit(context, 4));
      assertEquals(4, reap(context).size());
      assertEquals(2, more.availablePermits());
    }
  }

  /** The running thread does them all, and no write that it has done is taken back. */
  @Test
  void fewerThreadsThanWanted() {
    threadsLeft = 1;
    try (PwriteContext context = new PwriteContext(DEPTH, fewThreads, more)) {
      assertEquals(3, submit(context, 3));
      assertEquals(List.of(0L, 1L, 2L), reap(context));
      assertEquals(2, more.availablePermits());
    }
  }

  /** One more thread that cannot be started, while the first is in its write. */
  @Test
  void theThreadThatThereIsTakesTheRest() {
    threadsLeft = 0;
    boolean[] first = {true};
    Executor firstThenNone =
        task -> {
          if (!first[0]) {
            throw new OutOfMemoryError("unable to create native thread, as this test wants it");
          }
          first[0] = false;
          stuck.addLast(task);
        };
    try (PwriteContext context = new PwriteContext(DEPTH, firstThenNone, more)) {
      assertEquals(1, submit(context, 1));
      assertEquals(2, submit(context, 2));
      assertEquals(2, more.availablePermits());
      stuck.removeFirst().run();
      assertEquals(3, reap(context).size());
    }
    assertTrue(stuck.isEmpty());
  }
}
