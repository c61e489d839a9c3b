package io.dioagent.samples.faults;

import java.util.ArrayDeque;
import java.util.Deque;

/** Undoes fixtures in reverse order of their creation, each even if others fail. */
final class Fixtures implements Fixture {
  private final Deque<Fixture> newestFirst = new ArrayDeque<>();

  /** Adds a fixture to undo. */
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
