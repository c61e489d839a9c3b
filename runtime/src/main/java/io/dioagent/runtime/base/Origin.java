package io.dioagent.runtime.base;

/**
 * The thread that made a request, and the time.
 *
 * @param submitter the application's thread
 * @param startNanoTime by {@link System#nanoTime}
 * @param patience how much of the deadline is spent
 */
public record Origin(Thread submitter, long startNanoTime, Patience patience) {
  /** Returns an origin in the calling thread. */
  public static Origin here(long startNanoTime) {
    return new Origin(Thread.currentThread(), startNanoTime, new Patience(startNanoTime));
  }

  public long ageNanos() {
    return System.nanoTime() - startNanoTime;
  }
}
