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

/** Runs the threads of a run, one per worker and stage. Used by one thread. */
final class StageThreads {
  private static final String NAME = "aio-stress-";
  private static final long POLL_MILLIS = 20;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final List<Worker> workers;
  private final Findings findings;
  private final Duration patience;
  private final AtomicInteger defects = new AtomicInteger();

  /** Also contains threads that the workers start. */
  private final ThreadGroup group = new ThreadGroup("aio-stress");

  /** The work of one worker in a stage. */
  interface Part {
    void run(Worker worker, Histogram latency);
  }

  /**
   * Makes no threads yet.
   *
   * @param patience limits the time without an ended request; past it, a worker is stuck
   */
  StageThreads(List<Worker> workers, Findings findings, Duration patience) {
    this.workers = workers;
    this.findings = findings;
    this.patience = patience;
  }

  /**
   * Runs the part of every worker, and waits until all have ended or one is stuck.
   *
   * @param last run by the thread that ends last
   * @param monitor called repeatedly meanwhile
   * @return the latencies of all; null if a worker is stuck; its thread is not stopped
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
        findings.report("stuck: nothing has ended for a thread in " + patience.toSeconds() + " s");
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
      findings.report("defect: " + e + " at " + List.of(e.getStackTrace()));
    }
  }

  /** Returns the number of unexpected exceptions. */
  int defects() {
    return defects.get();
  }

  /**
   * Returns how many threads are left: those of the run, and others that keep the process alive.
   */
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
