package io.dioagent.samples.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/** The threads of a run: one for each worker in each stage. Used by one thread. */
final class StageThreads {
  private static final String NAME = "aio-stress-";
  private static final long POLL_MILLIS = 20;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final List<Worker> workers;
  private final Findings findings;
  private final Duration patience;
  private final AtomicInteger defects = new AtomicInteger();

  /** What the workers start is in it, too. */
  private final ThreadGroup group = new ThreadGroup("aio-stress");

  /** What one worker does in a stage. */
  interface Part {
    void run(Worker worker, Histogram latency);
  }

  /**
   * Threads.
   *
   * @param patience a worker for which nothing ends in so long is stuck
   */
  StageThreads(List<Worker> workers, Findings findings, Duration patience) {
    this.workers = workers;
    this.findings = findings;
    this.patience = patience;
  }

  /**
   * Lets every worker do its part, and waits for them, or until one is stuck.
   *
   * @param last done by the thread that comes to its end last
   * @param monitor called again and again meanwhile
   * @return the latencies of all; null if a worker is stuck, and left alone
   */
  Histogram run(Part part, Runnable last, Runnable monitor) throws InterruptedException {
    Set<Worker> running = ConcurrentHashMap.newKeySet();
    running.addAll(workers);
    AtomicInteger busy = new AtomicInteger(workers.size());
    CountDownLatch done = new CountDownLatch(workers.size());
    List<Thread> started = new ArrayList<>();
    List<Histogram> latencies = new ArrayList<>();
    for (Worker worker : workers) {
      Histogram latency = new Histogram(SIGNIFICANT_DIGITS);
      latencies.add(latency);
      worker.begins();
      Runnable task =
          () -> {
            try {
              guarded(() -> part.run(worker, latency));
              if (busy.decrementAndGet() == 0) {
                guarded(last);
              }
            } finally {
              running.remove(worker);
              done.countDown();
            }
          };
      Thread thread = new Thread(group, task, NAME + latencies.size());
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    while (!done.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      monitor.run();
      if (running.stream().anyMatch(worker -> worker.idleNanos() > patience.toNanos())) {
        findings.tell("stuck: nothing has ended for a thread in " + patience.toSeconds() + " s");
        return null;
      }
    }
    for (Thread thread : started) {
      thread.join();
    }
    Histogram all = new Histogram(SIGNIFICANT_DIGITS);
    latencies.forEach(all::add);
    return all;
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      defects.incrementAndGet();
      findings.tell("defect: " + e + " at " + List.of(e.getStackTrace()));
    }
  }

  /** Exceptions that nobody foresaw. */
  int defects() {
    return defects.get();
  }

  /** Threads that are still there: the run's own, and others that keep the process alive. */
  int left() {
    Thread[] threads = new Thread[group.activeCount() + 16];
    int count = group.enumerate(threads);
    int left = 0;
    for (int i = 0; i < count; i++) {
      left += threads[i].getName().startsWith(NAME) || !threads[i].isDaemon() ? 1 : 0;
    }
    return left;
  }
}
