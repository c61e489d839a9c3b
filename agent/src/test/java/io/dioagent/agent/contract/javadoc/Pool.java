package io.dioagent.agent.contract.javadoc;

import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread pool of an application, which records its threads. Thread-safe. */
final class Pool implements Closeable {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor;

  /** Of so many threads. */
  Pool(int count) {
    executor =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "pool of the application");
              thread.setDaemon(true);
              threads.add(thread);
              return thread;
            });
  }

  ExecutorService executor() {
    return executor;
  }

  /** Whether a thread is one of this pool. */
  boolean owns(Thread thread) {
    return threads.contains(thread);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
