package io.dioagent.samples.seeds;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes real threads take their steps in the order of a schedule of the model checker. A step
 * begins with {@link #step} or with taking the lock, and ends at the next one. A thread that needs
 * fewer steps than scheduled is not waited for. A thread that needs more takes them at the end.
 */
final class Replay implements Control {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** The actor of each step. */
  private final List<String> turns;

  private final Map<Thread, String> actors = new HashMap<>();
  private final Set<String> through = new HashSet<>();
  private final Lock lock = new TurnLock();
  private int next;

  /** The actor that is taking a step; null if none is. */
  private String busy;

  private Thread freedBy;
  private int touches;

  /**
   * Makes a replay.
   *
   * @param steps each as "actor: action"
   */
  Replay(List<String> steps) {
    turns = steps.stream().map(step -> step.substring(0, step.indexOf(':'))).toList();
  }

  /** Makes the calling thread an actor of the schedule. */
  synchronized void begin(String actor) {
    actors.put(Thread.currentThread(), actor);
  }

  /** Ends the steps of the calling thread. */
  synchronized void end() {
    String actor = actors.remove(Thread.currentThread());
    through.add(actor);
    busy = actor.equals(busy) ? null : busy;
    notifyAll();
  }

  @Override
  public synchronized void freed() {
    freedBy = freedBy == null ? Thread.currentThread() : freedBy;
  }

  /** Returns how often a thread accessed the request after another thread had freed it. */
  synchronized int touchesAfterFreed() {
    return touches;
  }

  /** Ends the calling thread's step, and begins its next one when it is its turn. */
  @Override
  public synchronized void step() {
    String actor = actors.get(Thread.currentThread());
    if (actor == null) {
      return;
    }
    if (actor.equals(busy)) {
      busy = null;
      notifyAll();
    }
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!isTurnOf(actor)) {
      try {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (leftMillis <= 0) {
          throw new IllegalStateException(
              actor + " waits for its turn at step " + next + " of " + turns);
        }
        wait(leftMillis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    next++;
    busy = actor;
    if (freedBy != null && freedBy != Thread.currentThread()) {
      touches++;
    }
  }

  private boolean isTurnOf(String actor) {
    while (next < turns.size() && through.contains(turns.get(next))) {
      next++;
    }
    return busy == null && (next >= turns.size() || turns.get(next).equals(actor));
  }

  @Override
  public Lock lock() {
    return lock;
  }

  /** A lock taken in the order of the schedule. */
  private final class TurnLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    @Override
    public void lock() {
      step();
      super.lock();
    }
  }
}
