package io.dioagent.samples.stress;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints defects as they are found. Thread-safe. */
final class Findings {
  /** Limits the printed findings; past it, one line says that more are not printed. */
  private static final int MOST = 20;

  private final PrintStream messages;
  private final AtomicInteger count = new AtomicInteger();

  Findings(PrintStream messages) {
    this.messages = messages;
  }

  /**
   * Reports sectors of a record with contents that the model does not allow.
   *
   * @param offset the offset of the first one
   * @param version the version in the first one
   * @param expected the expected versions of the first one
   */
  void differing(Path file, long offset, int sectors, long version, String expected) {
    String holds =
        version == SectorStamp.FOREIGN
            ? "no stamp of this sector and run, or a mixture"
            : version == SectorStamp.ZEROS ? "zeros" : "version " + version;
    report(
        "differs: "
            + file
            + " at "
            + offset
            + ": "
            + sectors
            + " sectors of a record, the first holds "
            + holds
            + ", expected "
            + expected);
  }

  /** Reports any other finding. */
  void report(String finding) {
    int number = count.incrementAndGet();
    if (number <= MOST) {
      messages.println("aio-stress: " + finding);
    } else if (number == MOST + 1) {
      messages.println("aio-stress: further findings are not printed");
    }
  }
}
