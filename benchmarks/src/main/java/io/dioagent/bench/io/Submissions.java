package io.dioagent.bench.io;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What strace(1) saw of a process's calls of io_submit(2).
 *
 * @param calls how many
 * @param ios how many I/Os the kernel took from them
 */
public record Submissions(long calls, long ios) {
  /** A call on one line, or the second of the two lines that a call is told on. */
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
