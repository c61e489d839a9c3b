package io.dioagent.bench.io;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process's calls of io_submit(2), counted by strace(1).
 *
 * @param calls number of calls
 * @param ios number of I/Os that the kernel accepted
 */
public record Submissions(long calls, long ios) {
  /** A call on one line, or the second line of a call on two lines. */
  private static final Pattern CALL = Pattern.compile("io_submit.*\\) += (-?[0-9]+).*");

  static Submissions parse(List<String> lines) {
    long calls = 0;
    long ios = 0;
    for (String line : lines) {
      Matcher call = CALL.matcher(line);
      if (call.find()) {
        calls++;
        ios += Math.max(0, Long.parseLong(call.group(1)));
      }
    }
    return new Submissions(calls, ios);
  }

  public double iosPerCall() {
    return (double) ios / calls;
  }
}
