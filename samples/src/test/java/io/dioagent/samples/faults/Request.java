package io.dioagent.samples.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A request sent to the application. Thread-safe. */
final class Request {
  private final int number;
  private final int file;
  private final long offset;
  private final int lengthBytes;

  /** All reported results, so that a second one is detected. */
  private final List<Ending> endings = new CopyOnWriteArrayList<>();

  Request(int number, int file, long offset, int lengthBytes) {
    this.number = number;
    this.file = file;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
  }

  int number() {
    return number;
  }

  /** Returns the index of the application's file. */
  int file() {
    return file;
  }

  long offset() {
    return offset;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  void ended(Ending ending) {
    endings.add(ending);
  }

  List<Ending> endings() {
    return endings;
  }

  boolean hasEnded() {
    return !endings.isEmpty();
  }

  /** Returns the result; fails unless there is exactly one. */
  Ending ending() {
    if (endings.size() != 1) {
      throw new AssertionError(this + " ended " + endings.size() + " times, expected once");
    }
    return endings.get(0);
  }

  @Override
  public String toString() {
    return "request " + number + " of " + lengthBytes + " bytes at " + offset + ": " + endings;
  }
}
