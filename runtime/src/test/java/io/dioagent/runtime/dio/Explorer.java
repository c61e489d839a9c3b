package io.dioagent.runtime.dio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a few actors, each a real thread, one at a time, in every possible order of their steps. It
 * is a depth-first search over the choices, each schedule from the start. A step is an actor's work
 * from one {@link #point} to the next.
 *
 * <p>One thread at a time holds the baton. At a point the holder itself picks the next actor, so
 * that an actor that continues itself costs no switch. The volatile baton hands all state from
 * thread to thread, and only its holder touches any. Waiting threads are parked: spinning was
 * slower as soon as the machine had other work.
 */
final class Explorer implements AutoCloseable {
  static final int MAX_ACTORS = 7;

  private static final int MAIN = -1;
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** The object of the search: made anew for each schedule. */
  interface Play {
    /** Returns how many actors there are. */
    int actors();

    /** Returns whether an actor may begin at once; the others wait for {@link #enable}. */
    boolean isReady(int actor);

    /** Runs an actor from begin to end. */
    void act(int actor);

    /** An actor threw an exception. */
    void threw(int actor, RuntimeException e);

    /** All actors that were ever enabled have finished. */
    void over();
  }

  /** Makes plays. */
  interface Stage {
    /** Makes a play that has not begun. */
    Play newPlay();
  }

  private enum Stand {
    ABSENT,
    READY,
    THROUGH
  }

  private final Thread[] threads = new Thread[MAX_ACTORS];
  private final Stand[] stands = new Stand[MAX_ACTORS];
  private final int[] waitsFor = new int[MAX_ACTORS];
  private final List<String> trace = new ArrayList<>();

  /** The choice at each branch, and the number of choices. */
  private int[] choices = new int[64];

  private int[] widths = new int[64];
  private int branches;
  private int knownBranches;
  private int switches;
  private Play play;
  private Thread main;
  private volatile int baton = MAIN;
  private volatile boolean closed;

  Explorer() {
    for (int i = 0; i < MAX_ACTORS; i++) {
      int actor = i;
      threads[i] = new Thread(() -> work(actor), "actor-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /**
   * Runs every schedule.
   *
   * @param afterEach run when a schedule is over
   * @return how many there are
   */
  long explore(Stage stage, Runnable afterEach) {
    main = Thread.currentThread();
    knownBranches = 0;
    long schedules = 0;
    do {
      run(stage.newPlay());
      afterEach.run();
      schedules++;
    } while (nextSchedule());
    return schedules;
  }

  private void run(Play next) {
    play = next;
    Arrays.fill(waitsFor, MAIN);
    trace.clear();
    branches = 0;
    switches = 0;
    for (int i = 0; i < play.actors(); i++) {
      stands[i] = play.isReady(i) ? Stand.READY : Stand.ABSENT;
    }
    hand(pick(MAIN));
    await(MAIN);
    for (int i = 0; i < play.actors(); i++) {
      if (stands[i] == Stand.READY) {
        throw new IllegalStateException("actors wait for each other: " + trace);
      }
    }
    if (branches < knownBranches) {
      throw new IllegalStateException("a replayed schedule took another course: " + trace);
    }
    play.over();
  }

  private boolean nextSchedule() {
    for (int i = branches - 1; i >= 0; i--) {
      if (choices[i] + 1 < widths[i]) {
        choices[i]++;
        knownBranches = i + 1;
        return true;
      }
    }
    return false;
  }

  // Calls of the actors.

  /** Ends a step; others may come before the next one, which has a name. */
  void point(int actor, String nextStep) {
    int next = pick(actor);
    if (next != actor) {
      hand(next);
      await(actor);
    }
    trace.add(actor + " " + nextStep);
  }

  /** Names the first step of an actor. */
  void started(int actor, String firstStep) {
    trace.add(actor + " " + firstStep);
  }

  /** Lets an actor begin from now on. */
  void enable(int actor) {
    stands[actor] = Stand.READY;
  }

  /** Makes the calling actor wait until another one, if it was enabled, has finished. */
  void waitFor(int actor, int other) {
    if (stands[other] == Stand.READY) {
      waitsFor[actor] = other;
      hand(pick(actor));
      await(actor);
    }
  }

  /** Returns the steps so far, each as actor and name. */
  List<String> trace() {
    return List.copyOf(trace);
  }

  /** Returns how often the actor changed between two steps. */
  int switches() {
    return switches;
  }

  private int pick(int current) {
    int width = 0;
    int[] candidates = new int[MAX_ACTORS];
    if (current != MAIN && canGoOn(current)) {
      candidates[width++] = current;
    }
    for (int i = 0; i < play.actors(); i++) {
      if (i != current && canGoOn(i)) {
        candidates[width++] = i;
      }
    }
    int choice = width < 2 ? 0 : choose(width);
    int next = width == 0 ? MAIN : candidates[choice];
    if (next != current && next != MAIN) {
      switches++;
    }
    return next;
  }

  private int choose(int width) {
    int at = branches++;
    if (at == choices.length) {
      choices = Arrays.copyOf(choices, at * 2);
      widths = Arrays.copyOf(widths, at * 2);
    }
    if (at >= knownBranches) {
      choices[at] = 0;
    } else if (widths[at] != width) {
      throw new IllegalStateException("a replayed schedule took another course: " + trace);
    }
    widths[at] = width;
    return choices[at];
  }

  private boolean canGoOn(int actor) {
    int other = waitsFor[actor];
    return stands[actor] == Stand.READY && (other == MAIN || stands[other] != Stand.READY);
  }

  private void work(int actor) {
    while (true) {
      await(actor);
      if (closed) {
        return;
      }
      try {
        play.act(actor);
      } catch (RuntimeException e) {
        play.threw(actor, e);
      }
      stands[actor] = Stand.THROUGH;
      hand(pick(actor));
    }
  }

  private void hand(int next) {
    baton = next;
    LockSupport.unpark(next == MAIN ? main : threads[next]);
  }

  private void await(int actor) {
    long began = System.nanoTime();
    while (baton != actor && !(closed && actor != MAIN)) {
      LockSupport.parkNanos(this, STUCK_NANOS);
      if (actor == MAIN && baton != actor && System.nanoTime() - began > STUCK_NANOS) {
        throw new IllegalStateException("actor " + baton + " is stuck in one step after " + trace);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
