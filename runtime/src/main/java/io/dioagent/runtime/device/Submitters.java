package io.dioagent.runtime.device;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Permits;
import io.dioagent.runtime.engine.SyscallThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;

/**
 * Threads that may get stuck in a system call, so that application threads do not. For I/O that
 * would have to wait inside io_submit(2), buffered writes, and waits for write-back. Bounded per
 * device, so that a stuck device does not take the threads of another one. Thread-safe.
 */
public final class Submitters {
  /**
   * Limits the threads of one device; further tasks wait. More writes waiting inside the kernel
   * would not make a device faster.
   */
  private static final int THREADS_PER_DEVICE = 64;

  /** The place of a thread among those of a device. Used by that thread alone. */
  public static final class Place {
    private final Submitters owner;
    private boolean taken = true;

    private Place(Submitters owner) {
      this.owner = owner;
    }

    /**
     * Gives the place to a waiting task. The thread is about to wait for another request, which may
     * need a thread itself.
     */
    public void leave() {
      if (owner != null && taken) {
        giveBack();
        try {
          owner.startWaiting();
        } catch (OutOfMemoryError e) {
          return; // Tried again as soon as another task has ended, or is queued.
        }
      }
    }

    /** Takes the place again. Returns false if there was none within the limit. */
    public boolean takeAgain(Limit limit) {
      taken = taken || owner.free.acquire(limit);
      return taken;
    }

    private void giveBack() {
      if (taken) {
        taken = false;
        owner.free.release();
      }
    }
  }

  /** The place of threads that belong to no device. */
  private static final Place NO_PLACE = new Place(null);

  private static final ThreadLocal<Place> PLACE = new ThreadLocal<>();

  private final Permits free = new Permits(THREADS_PER_DEVICE);

  /** Tasks that wait for a thread, without a waiting caller. */
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  private final ExecutorService threads;
  private final SubmissionQueue submissions;

  Submitters(ExecutorService threads) {
    this.threads = threads;
    submissions = new SubmissionQueue(threads, free);
  }

  /** Returns the queue for tasks that only submit. */
  SubmissionQueue submissions() {
    return submissions;
  }

  /** Returns the threads of all devices' submitters: made when needed, ended when idle. */
  static ExecutorService newThreads() {
    return SyscallThreads.named("dio-submitter");
  }

  /**
   * Runs a task on a thread of this device; an interrupt does not end the wait for one.
   *
   * @return false if no thread was free within the limit, and the task will never run
   * @throws OutOfMemoryError if the system has no more threads; the task will never run
   */
  boolean execute(Runnable task, Limit limit) {
    if (!free.acquire(limit)) {
      return false;
    }
    executeReserved(task);
    return true;
  }

  /**
   * Runs a task on a thread of this device, now or as soon as one is free; does not wait.
   *
   * @return false if the system has no more threads, and the task will never run
   */
  boolean executeSoon(Runnable task) {
    try {
      waiting.add(task);
    } catch (OutOfMemoryError e) {
      return false;
    }
    try {
      startWaiting();
      return true;
    } catch (OutOfMemoryError e) {
      // If it is gone, another thread has taken it.
      return !waiting.remove(task);
    }
  }

  /** Returns the calling thread's place. */
  public static Place place() {
    Place mine = PLACE.get();
    return mine == null ? NO_PLACE : mine;
  }

  /**
   * Starts a thread for a waiting task, if there is one and a thread is free.
   *
   * @throws OutOfMemoryError if the system has no more threads; nothing has been taken then
   */
  private void startWaiting() {
    if (!waiting.isEmpty() && free.tryAcquire()) {
      executeReserved(null);
    }
  }

  /**
   * Runs a task, or a waiting task if there is none, on a reserved thread, which is given back in
   * any case.
   *
   * @throws OutOfMemoryError if the system has no more threads; the task will never run
   */
  private void executeReserved(Runnable task) {
    boolean started = false;
    try {
      Place place = new Place(this);
      threads.execute(() -> run(task, place));
      started = true;
    } finally {
      if (!started) {
        free.release();
      }
    }
  }

  private void run(Runnable first, Place mine) {
    try {
      isAt(mine);
    } finally { // The task runs even if a statement before it throws.
      runAll(first, mine);
    }
    SyscallThreads.endIfRetired();
  }

  private void runAll(Runnable first, Place mine) {
    try {
      Runnable task = first == null ? waiting.poll() : first;
      for (; task != null; task = nextWaiting()) {
        mine.taken = true;
        runOne(task);
        mine.giveBack();
      }
    } finally {
      mine.giveBack();
      PLACE.remove();
    }
  }

  private static void isAt(Place place) {
    try {
      PLACE.set(place);
    } catch (OutOfMemoryError e) {
      return; // Then the thread keeps its place while it waits for others.
    }
  }

  private static void runOne(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.TASK, task, e);
    }
  }

  /** Returns a waiting task, with a permit; null if either is missing. */
  private Runnable nextWaiting() {
    while (!waiting.isEmpty() && free.tryAcquire()) {
      Runnable task = waiting.poll();
      if (task != null) {
        return task;
      }
      free.release();
    }
    return null;
  }
}
