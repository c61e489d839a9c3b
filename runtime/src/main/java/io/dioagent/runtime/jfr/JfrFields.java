package io.dioagent.runtime.jfr;

import io.dioagent.events.RequestEnd;
import io.dioagent.events.RequestEvent;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;

/** Sets event fields, and converts values of the runtime to theirs. Thread-safe. */
final class JfrFields {
  private JfrFields() {}

  /** Sets the fields of a request. */
  static void fill(RequestEvent event, RequestInfo request) {
    event.requestId = request.requestId();
    event.path = request.path();
    event.offset = request.offset();
    event.length = request.lengthBytes();
  }

  /** Sets the fields of a request and of its end. */
  static void fillEnd(RequestEnd event, RequestInfo request, long result) {
    fill(event, request);
    event.result = bytes(result);
    event.errno = errno(result);
    event.errnoName = errnoName(result);
  }

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
