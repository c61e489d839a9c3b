package io.dioagent.agent.apps;

import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts calls; the second of one write shows. */
final class AsyncCalls implements CompletionHandler<Integer, Object> {
  final List<String> all = Collections.synchronizedList(new ArrayList<>());
  final Set<String> threads = ConcurrentHashMap.newKeySet();
  final CountDownLatch expected;

  AsyncCalls(int expected) {
    this.expected = new CountDownLatch(expected);
  }

  @Override
  public void completed(Integer result, Object attachment) {
    add(attachment + "=" + result);
  }

  @Override
  public void failed(Throwable failure, Object attachment) {
    add(attachment + "=" + failure.getClass().getSimpleName() + " " + failure.getMessage());
  }

  private void add(String call) {
    threads.add(Thread.currentThread().getName().replaceAll("[0-9]+", "N"));
    all.add(call);
    expected.countDown();
  }

  /** Sorted, and a little later, so that one that comes twice has come. */
  List<String> await() throws InterruptedException {
    if (!expected.await(60, TimeUnit.SECONDS)) {
      return List.of("missing after " + all);
    }
    Thread.sleep(20);
    List<String> sorted = new ArrayList<>(all);
    sorted.sort(null);
    return sorted;
  }
}
