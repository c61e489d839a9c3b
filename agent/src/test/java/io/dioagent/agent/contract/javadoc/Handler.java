package io.dioagent.agent.contract.javadoc;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A completion handler that keeps its result. Its fields are written by the thread that calls it,
 * and read after {@link #await}; guarded by its monitor.
 */
final class Handler<V> implements CompletionHandler<V, Object> {
  private static final long LONGEST_SECONDS = 40;

  private final CountDownLatch called = new CountDownLatch(1);
  private int calls;
  private V result;
  private Throwable failure;
  private Object attachment;
  private Thread thread;

  @Override
  public void completed(V value, Object attached) {
    call(value, null, attached);
  }

  @Override
  public void failed(Throwable thrown, Object attached) {
    call(null, thrown, attached);
  }

  private synchronized void call(V value, Throwable thrown, Object attached) {
    calls++;
    result = value;
    failure = thrown;
    attachment = attached;
    thread = Thread.currentThread();
    called.countDown();
  }

  /** Waits until it was called. */
  Handler<V> await() throws InterruptedException {
    if (!called.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("handler not called");
    }
    return this;
  }

  synchronized int calls() {
    return calls;
  }

  synchronized V result() {
    return result;
  }

  /** Returns the simple name of the failure; "none" if it succeeded. */
  synchronized String failure() {
    return failure == null ? "none" : failure.getClass().getSimpleName();
  }

  synchronized Object attachment() {
    return attachment;
  }

  synchronized Thread thread() {
    return thread;
  }
}
