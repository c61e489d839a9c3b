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
 * Makes real threads take their steps in the order of a schedule that the model checker found. A
 * step goes from one taking of the lock, or one other {@link #step}, to the next. Who needs fewer
 * steps than the schedule has is not waited for; who needs more takes them at the end.
 */
final class Replay implements Control {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Whose turn each step is. */
  private final List<String> turns;

  private final Map<Thread, String> actors = new HashMap<>();
  private final Set<String> through = new HashSet<>();
  private final Lock lock = new TurnLock();
  private int next;

  /** Who is between two steps; null for nobody. */
  private String busy;

  private Thread freedBy;
  private int touches;

  /**
   * A schedule.
   *
   * @param steps each as "actor: what it does"
   */
  Replay(List<String> steps) {
    turns = steps.stream().map(step -> step.substring(0, step.indexOf(':'))).toList();
  }

  /** The calling thread is an actor of the schedule from now on. */
  synchronized void begin(String actor) {
    actors.put(Thread.currentThread(), actor);
  }

  /** The calling thread takes no more steps. */
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

  /** How often somebody looked at the request whom it was not freed by. */
  synchronized int touchesAfterFreed() {
    return touches;
  }

  /** The calling thread's step ends here, and the next begins when it is its turn. */
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

  /** Taken in turn. */
  private final class TurnLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    @Override
    public void lock() {
      step();
      super.lock();
    }
  }
}
