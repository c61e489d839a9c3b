package io.dioagent.samples.stress;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The configuration of a run. Each record checks its values: for a wrong one it throws an
 * IllegalArgumentException with the value and the expectation.
 *
 * @param files distinct files, all of the same size
 * @param stages the stages in order
 * @param verify whether records are stamped, and checked against the model when read
 * @param seed seed of random orders and of the stamps
 */
public record StressConfig(
    List<Path> files,
    Shape shape,
    List<Stage> stages,
    Access access,
    Limits limits,
    boolean verify,
    long seed) {

  /** Alignment of direct I/O and of the WriteQueue. */
  static final int PAGE_BYTES = 4096;

  private static final int LARGEST_RECORD_BYTES = 64 << 20;

  public StressConfig {
    files = List.copyOf(files);
    stages = List.copyOf(stages);
    check(!files.isEmpty(), "no file is given, expected at least one");
    check(
        files.stream().map(file -> file.toAbsolutePath().normalize()).distinct().count()
            == files.size(),
        "files are " + files + ", expected each once");
    check(!stages.isEmpty(), "no stage is given, expected at least one");
    long records = files.size() * shape.recordsPerFile();
    check(
        records >= shape.threads() && records <= Integer.MAX_VALUE / 2,
        "the files hold "
            + records
            + " records of "
            + shape.recordBytes()
            + " bytes, expected at least one for each of "
            + shape.threads()
            + " threads, and no more than 2^30");
    boolean whole = shape.recordBytes() % PAGE_BYTES == 0;
    check(
        whole || access.api() != Api.QUEUE,
        "record-size is "
            + shape.recordBytes()
            + ", expected a multiple of "
            + PAGE_BYTES
            + " for the queue; or give --sync-api");
    check(
        whole || !access.direct(),
        "record-size is "
            + shape.recordBytes()
            + ", expected a multiple of "
            + PAGE_BYTES
            + " with --o-direct");
    check(
        access.api() == Api.QUEUE || shape.depth() == 1,
        "depth is "
            + shape.depth()
            + ", expected 1 with --sync-api and --channel: there each thread waits for its write");
  }

  /**
   * The sizes and threads.
   *
   * @param fileBytes size of each file; the rest after the last whole record is not used
   * @param recordBytes size of each read and write, a multiple of 512
   * @param depth number of writes in flight per thread
   */
  public record Shape(long fileBytes, int recordBytes, int depth, int threads) {
    public Shape {
      check(
          recordBytes >= SectorStamp.SECTOR_BYTES
              && recordBytes <= LARGEST_RECORD_BYTES
              && recordBytes % SectorStamp.SECTOR_BYTES == 0,
          "record-size is " + recordBytes + ", expected a multiple of 512 up to 64m");
      check(
          fileBytes >= recordBytes,
          "file-size is " + fileBytes + ", expected at least a record of " + recordBytes);
      check(
          depth >= 1 && depth <= RuntimeOptions.MAX_QUEUE_DEPTH,
          "depth is " + depth + ", expected 1 to " + RuntimeOptions.MAX_QUEUE_DEPTH);
      check(threads >= 1 && threads <= 1024, "threads is " + threads + ", expected 1 to 1024");
    }

    long recordsPerFile() {
      return fileBytes / recordBytes;
    }
  }

  /**
   * The access to the device.
   *
   * @param direct whether a write without direct I/O fails instead of using the page cache
   * @param synchronous whether files are opened with O_SYNC
   * @param policy deadline and treatment of lost writes; not used by plain channels
   * @param faults rules in the syntax of {@link FaultRule}; not with plain channels
   */
  public record Access(
      Api api, boolean direct, boolean synchronous, FilePolicy policy, List<String> faults) {
    public Access {
      faults = List.copyOf(faults);
      check(
          api != Api.CHANNEL || faults.isEmpty(),
          "fault is " + faults + ", expected none with --channel: give fault= to the agent");
      faults.forEach(FaultRule::parse);
      policy = policy.withFallbackAllowed(!direct);
    }

    List<FaultRule> rules() {
      return faults.stream().map(FaultRule::parse).toList();
    }

    boolean loses() {
      return rules().stream().anyMatch(rule -> rule.kind() == FaultKind.LOSE);
    }
  }

  /**
   * The limits of a run.
   *
   * @param repeatFor how long the stages are repeated; zero for once
   * @param waitTimeout time-out of one wait for completions; zero for none
   * @param stopOnError whether the first error ends the run
   * @param maxErrors errors after which a thread ends
   * @param patience time without an ended request after which a thread counts as stuck; also limits
   *     the wait for late completions at the end
   */
  public record Limits(
      Duration repeatFor,
      Duration waitTimeout,
      boolean stopOnError,
      long maxErrors,
      Duration patience) {

    /** Stages once, waits without a time-out, 100,000 errors, patience of a minute. */
    public static final Limits DEFAULT =
        new Limits(Duration.ZERO, Duration.ZERO, false, 100_000, Duration.ofMinutes(1));

    public Limits {
      check(!repeatFor.isNegative(), "for is " + repeatFor + ", expected zero or more");
      check(
          !waitTimeout.isNegative(), "wait-timeout is " + waitTimeout + ", expected zero or more");
      check(maxErrors >= 1, "max-errors is " + maxErrors + ", expected 1 or more");
      check(patience.toNanos() > 0, "patience is " + patience + ", expected more than zero");
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
