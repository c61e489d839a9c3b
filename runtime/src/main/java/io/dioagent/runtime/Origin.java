package io.dioagent.runtime;

/**
 * Who made a request, and when.
 *
 * @param submitter the application's thread
 * @param startNanoTime by {@link System#nanoTime}
 */
record Origin(Thread submitter, long startNanoTime) {
  static Origin here(long startNanoTime) {
    return new Origin(Thread.currentThread(), startNanoTime);
  }

  long ageNanos() {
    return System.nanoTime() - startNanoTime;
  }
}
