package io.dioagent.samples.faults;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Fixtures in the order they were made: undone in the reverse order, each whatever the others do.
 */
final class Fixtures implements Fixture {
  private final Deque<Fixture> newestFirst = new ArrayDeque<>();

  /** Takes one to be undone. */
  <T extends Fixture> T own(T fixture) {
    newestFirst.push(fixture);
    return fixture;
  }

  @Override
  public void release() {
    eachWithFailures(Fixture::release);
  }

  @Override
  public void close() {
    try {
      release();
    } finally {
      eachWithFailures(Fixture::close);
      newestFirst.clear();
    }
  }

  private void eachWithFailures(java.util.function.Consumer<Fixture> action) {
    Throwable first = null;
    for (Fixture fixture : newestFirst) {
      try {
        action.accept(fixture);
      } catch (RuntimeException | AssertionError e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof AssertionError error) {
      throw error;
    }
    if (first != null) {
      throw (RuntimeException) first;
    }
  }
}
