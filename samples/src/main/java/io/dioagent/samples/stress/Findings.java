package io.dioagent.samples.stress;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells of what is wrong as it is found; the first ones only. Thread-safe. */
final class Findings {
  private static final int MOST = 20;

  private final PrintStream told;
  private final AtomicInteger count = new AtomicInteger();

  Findings(PrintStream told) {
    this.told = told;
  }

  /**
   * Sectors of a record hold nothing of what they may.
   *
   * @param offset of the first one
   * @param version and what it was expected to be, of the first one
   */
  void differing(Path file, long offset, int sectors, long version, String expected) {
    String holds =
        version == SectorStamp.FOREIGN
            ? "no stamp of this sector and run, or a mixture"
            : version == SectorStamp.ZEROS ? "zeros" : "version " + version;
    tell(
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

  /** Anything else. */
  void tell(String finding) {
    int number = count.incrementAndGet();
    if (number <= MOST) {
      told.println("aio-stress: " + finding);
    } else if (number == MOST + 1) {
      told.println("aio-stress: more of that is not told");
    }
  }
}
