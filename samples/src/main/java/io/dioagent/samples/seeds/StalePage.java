package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.engine.KernelAio;
import io.dioagent.runtime.linux.Linux;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A direct write collides with a mapped writer: readers see older pages than the device has. With
 * report, as in Linux, the write returns success. With fail, the writer gets an error. With
 * launder, the runtime writes the pages back and then repeats the write.
 */
final class StalePage implements Sample {
  static final int WRITE_BYTES = 64 << 10;

  /**
   * Limits the tries, because a collision depends on a race; past it, the verdict is unclear. Each
   * try writes to a hole.
   */
  static final int MOST_TRIES = 200;

  private static final byte NEW = 'n';

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant(
            "report",
            true,
            "the write says success, a reader sees older pages, and only the recording has it"),
        new Variant("fail", false, "the write says EIO: the writer knows"),
        new Variant("launder", false, "the write says success, and a reader sees what it wrote"));
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path path = stage.hole("collided", (long) MOST_TRIES * WRITE_BYTES);
    MappedWriter mapped = new MappedWriter(new KernelAio(), path);
    OnCollision policy = OnCollision.valueOf(variant.name().toUpperCase(Locale.ROOT));
    long result = 0;
    long offset = 0;
    try (DirectRuntime runtime = stage.runtime(mapped);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT.withOnCollision(policy))) {
      int tries = 0;
      while (runtime.statistics().collisions() == 0 && tries < MOST_TRIES) {
        offset = (long) tries++ * WRITE_BYTES;
        mapped.arm();
        result = Bytes.write(file, NEW, WRITE_BYTES, offset);
      }
      stage.happened("write " + tries + ", at " + offset + ": says " + Bytes.describe(result));
      if (runtime.statistics().collisions() == 0) {
        stage.happened("no collision was found; that takes Linux 6.5 or later");
      }
    }
    long older = olderPages(Bytes.read(path, offset, WRITE_BYTES));
    stage.happened("a reader sees " + older + " older pages of " + WRITE_BYTES / Linux.PAGE_BYTES);
    stage.fact("result", result);
    stage.fact("older pages", older);
  }

  /** Counts pages with a byte that no writer wrote: zero, as before. */
  private static long olderPages(byte[] bytes) {
    int page = (int) Linux.PAGE_BYTES;
    long older = 0;
    for (int from = 0; from < bytes.length; from += page) {
      byte[] one = java.util.Arrays.copyOfRange(bytes, from, from + page);
      older += Bytes.count(one, (byte) 0) > 0 ? 1 : 0;
    }
    return older;
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long result = outcome.fact("result");
    long older = outcome.fact("older pages");
    int collisions = outcome.count("PageCacheCollision");
    // Policy report means that the runtime did nothing else.
    int lived =
        outcome
            .events("PageCacheCollision", one -> one.getString("policy").equals("report"))
            .size();
    boolean success = result == WRITE_BYTES;
    return Verdict.of(
        success && older > 0 && lived > 0,
        collisions > 0 && lived == 0 && (success ? older == 0 : result == -Errno.EIO),
        collisions
            + " PageCacheCollision, the write says "
            + Bytes.describe(result)
            + ", a reader sees "
            + older
            + " older pages");
  }
}
