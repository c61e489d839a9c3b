package io.dioagent.agent.contract.random;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A fixed number of slots for objects that are kept open. Not thread-safe. */
final class Slots<T extends Held> implements Closeable {
  private final String name;
  private final List<T> held;

  Slots(String name, int count) {
    this.name = name;
    held = new ArrayList<>(Collections.nCopies(count, null));
  }

  int count() {
    return held.size();
  }

  /** Null if nothing was put there yet. */
  T get(int slot) {
    return held.get(slot);
  }

  /** Returns the object in a slot. */
  T require(int slot) throws IOException {
    T there = held.get(slot);
    if (there == null) {
      throw new IOException("nothing open at " + name + " " + slot);
    }
    return there;
  }

  /** Closes the previous object. */
  void put(int slot, T next) throws IOException {
    T before = held.set(slot, next);
    if (before != null) {
      before.close();
    }
  }

  void appendState(StringBuilder state) throws IOException {
    for (int slot = 0; slot < held.size(); slot++) {
      if (held.get(slot) != null) {
        state.append("; ").append(name).append(' ').append(slot);
        state.append(": ").append(held.get(slot).state());
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (int slot = 0; slot < held.size(); slot++) {
      put(slot, null);
    }
  }
}
