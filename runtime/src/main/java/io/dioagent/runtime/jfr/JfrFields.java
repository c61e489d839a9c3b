package io.dioagent.runtime.jfr;

import io.dioagent.runtime.api.Errno;

/** Converts values of the runtime to those of event fields. Thread-safe. */
final class JfrFields {
  private JfrFields() {}

  static long bytes(long result) {
    return Math.max(result, 0);
  }

  static int errno(long result) {
    return result < 0 ? (int) -result : 0;
  }

  static String errnoName(long result) {
    return result < 0 ? Errno.name((int) -result) : null;
  }

  static String nameOf(Thread submitter) {
    return submitter == null ? null : submitter.getName();
  }

  static String stackOf(Thread submitter) {
    if (submitter == null) {
      return null;
    }
    StringBuilder lines = new StringBuilder();
    for (StackTraceElement frame : submitter.getStackTrace()) {
      lines.append(frame).append('\n');
    }
    return lines.toString();
  }

  static int clamped(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }
}
