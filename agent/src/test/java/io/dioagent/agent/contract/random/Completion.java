package io.dioagent.agent.contract.random;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that records how often, where and with which result it was called. Thread-safe. */
final class Completion implements CompletionHandler<Integer, Object> {
  private static final long LONGEST_SECONDS = 120;

  private final CountDownLatch called = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private volatile String outcome;

  @Override
  public void completed(Integer result, Object attachment) {
    end(result + " for " + attachment);
  }

  @Override
  public void failed(Throwable thrown, Object attachment) {
    end(thrown + " for " + attachment);
  }

  private void end(String what) {
    boolean ownThread =
        Thread.currentThread().getName().startsWith(AsynchronousChannels.THREAD_NAME);
    outcome = what + (ownThread ? " on an own thread" : "");
    calls.incrementAndGet();
    called.countDown();
  }

  /** Waits for the call, and answers all that is known of it by then. */
  String await() throws InterruptedException {
    if (!called.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      return "the handler was not called within " + LONGEST_SECONDS + " s";
    }
    return outcome + ", calls " + calls;
  }

  int calls() {
    return calls.get();
  }
}
