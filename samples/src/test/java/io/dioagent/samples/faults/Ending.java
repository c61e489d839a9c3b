package io.dioagent.samples.faults;

import java.time.Duration;

/**
 * The result of a request.
 *
 * @param result bytes, or -1 for an error
 * @param age time since the call
 * @param error the message of the error, or null
 */
record Ending(long result, Duration age, String error) {
  static Ending parse(String[] words) {
    return new Ending(
        Long.parseLong(words[2]),
        Duration.ofNanos(Long.parseLong(words[3])),
        words.length > 4 ? words[4] : null);
  }

  boolean failed() {
    return error != null;
  }
}
