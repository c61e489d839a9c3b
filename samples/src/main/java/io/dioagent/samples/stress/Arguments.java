package io.dioagent.samples.stress;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.fault.FaultRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The command line of aio-stress, parsed by picocli. Not thread-safe. */
@Command(
    name = "aio-stress",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Writes and reads records with many threads. Checks that each request ends exactly once,"
          + " and each sector against a model of its contents. Overwrites the files.",
      ""
    },
    footer = {
      "",
      "The last line of the output is the summary: requests issued and ended (reads count, too),"
          + " bytes transferred, requests failed (with an error other than lost), lost (ended by"
          + " ETIMEDOUT), late (lost, and completed later), duplicate and unknown ends, bytes"
          + " that differ from the model (in whole sectors of 512), threads left, seconds, seed."
          + " Errors are printed before it: 'errors:' with the count of each errno.",
      "",
      "Exit status:",
      "  0   no error",
      "  1   data errors: bytes differ from what was reported as written",
      "  2   wrong usage, or --o-direct for a file without direct I/O",
      "  3   I/O errors, but no data errors",
      "  4   a request did not end exactly once, or a thread is stuck",
      "  130, 143   ended by Ctrl-C or a signal: with the summary so far, without the last check",
    })
final class Arguments {

  @Option(
      names = "--file-size",
      paramLabel = "BYTES",
      converter = Bytes.class,
      description = "Size of each file, e.g. 64m (default: ${DEFAULT-VALUE})")
  private ByteCount fileSize = new ByteCount(64 << 20);

  @Option(
      names = "--record-size",
      paramLabel = "BYTES",
      converter = Bytes.class,
      description = "Size of each read and write, e.g. 64k (default: ${DEFAULT-VALUE})")
  private ByteCount recordSize = new ByteCount(64 << 10);

  @Option(
      names = "--depth",
      paramLabel = "N",
      description =
          "Writes in flight per thread (default: 8; 1 with --sync-api and --channel, where each"
              + " thread waits for its write)")
  private Integer depth;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads; each owns every Nth record, so that writes do not overlap (default: ${DEFAULT-VALUE})")
  private int threads = 1;

  @Option(
      names = "--stages",
      paramLabel = "STAGE",
      split = ",",
      converter = Stages.class,
      description =
          "Stages in order: write (empties the file if it comes first), rewrite, random-write,"
              + " read, random-read (default: write,rewrite,random-write,read,random-read)")
  private List<Stage> stages = new ArrayList<>();

  @Option(
      names = "--sync-api",
      description =
          "Write with the runtime's DirectFile, one write at a time, instead of its WriteQueue")
  private boolean syncApi;

  @Option(
      names = "--channel",
      description =
          "Write with plain FileChannels, also under the agent. Excludes --deadline, --on-lost and"
              + " --fault: pass them to the agent")
  private boolean channel;

  @Option(
      names = "--o-direct",
      description =
          "Require direct I/O: exit with 2 for a file without it, and fail writes that are not"
              + " direct. Without this option they go through the page cache")
  private boolean direct;

  @Option(names = "--o-sync", description = "Open the files with O_SYNC")
  private boolean synchronous;

  @Option(
      names = "--verify",
      description =
          "Stamp each sector, check it against the model on each read, and read all files again"
              + " at the end")
  private boolean verify;

  @Option(
      names = "--wait-timeout",
      paramLabel = "MS|none",
      description =
          "Time-out of each wait for completions of the queue (default: none, so that a missing"
              + " completion hangs the thread until the deadline)")
  private String waitTimeout = "none";

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "Repeat the stages for that long (default: once)")
  private long seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of random orders and stamps (default: another each time; printed at the end)")
  private Long seed;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = Times.class,
      description = "Time after which a write counts as lost, e.g. 200ms (default: 30s)")
  private Duration deadline;

  @Option(
      names = "--on-lost",
      paramLabel = "fail|report",
      converter = OnLosts.class,
      description =
          "Whether a lost write ends with ETIMEDOUT, or is recorded and waited for"
              + " (default: fail)")
  private OnLost onLost;

  @Option(
      names = "--fault",
      paramLabel = "RULE",
      converter = Faults.class,
      description =
          "Repeatable. KIND[:path=GLOB][:offset=FROM-TO][:rate=0..1][:count=N][:seed=N][:for=TIME]")
  private List<String> faults = new ArrayList<>();

  @Option(names = "--stop-on-error", description = "End at the first error")
  private boolean stopOnError;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description =
          "Errors after which a thread skips all stages except the last check (default: ${DEFAULT-VALUE})")
  private long maxErrors = StressConfig.Limits.DEFAULT.maxErrors();

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      converter = Times.class,
      description =
          "Time without an ended request after which a thread is stuck, and the wait for late"
              + " completions at the end (default: 60s, or twice the deadline if that is longer)")
  private Duration patience;

  @Option(
      names = "--schedule",
      paramLabel = "SEED",
      description =
          "Repeat the run of this seed of the test with random faults; allows only --progress")
  private Long schedule;

  @Option(
      names = "--progress",
      description = "Print a progress line on stderr, also if it is no terminal")
  private boolean progress;

  @Option(names = "--help", usageHelp = true, description = "Print this")
  private boolean help;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files to write; created if missing")
  private List<Path> files = new ArrayList<>();

  private Arguments() {}

  /** A parsed command line. */
  record Parsed(StressConfig config, boolean progress) {}

  /** Thrown for a wrong command line; the message has the value and the expectation. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Returns the help. */
  static String help() {
    return new CommandLine(new Arguments()).getUsageMessage();
  }

  /**
   * Parses a command line.
   *
   * @return empty for {@code --help}
   */
  static Optional<Parsed> parse(String... words) throws UsageException {
    Arguments arguments = new Arguments();
    try {
      ParseResult result = new CommandLine(arguments).parseArgs(words);
      return arguments.help
          ? Optional.empty()
          : Optional.of(new Parsed(arguments.config(result), arguments.progress));
    } catch (CommandLine.ParameterException | IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private StressConfig config(ParseResult result) {
    if (schedule != null) {
      result
          .matchedOptions()
          .forEach(
              option ->
                  check(
                      option.longestName().equals("--schedule")
                          || option.longestName().equals("--progress"),
                      option.longestName()
                          + " is given, expected none but --progress beside"
                          + " --schedule"));
      check(files.size() == 1, "files are " + files + ", expected one with --schedule");
      return Schedule.of(schedule, files.get(0));
    }
    check(!channel || !syncApi, "--channel and --sync-api are given, expected one of them");
    check(
        !channel || (deadline == null && onLost == null),
        "--deadline or --on-lost is given, expected neither with --channel: give them to the agent");
    Api api = channel ? Api.CHANNEL : syncApi ? Api.SYNC : Api.QUEUE;
    FilePolicy policy = FilePolicy.DEFAULT;
    if (deadline != null) {
      policy = policy.withDeadline(deadline);
    }
    if (onLost != null) {
      policy = policy.withOnLost(onLost);
    }
    int defaultDepth = api == Api.QUEUE ? 8 : 1;
    return new StressConfig(
        files,
        new StressConfig.Shape(
            fileSize.bytes(),
            (int) Math.min(Integer.MAX_VALUE, recordSize.bytes()),
            depth == null ? defaultDepth : depth,
            threads),
        stages.isEmpty() ? List.of(Stage.values()) : stages,
        new StressConfig.Access(api, direct, synchronous, policy, faults),
        new StressConfig.Limits(
            Duration.ofSeconds(seconds),
            waitTimeout(),
            stopOnError,
            maxErrors,
            patience == null ? defaultPatience(policy) : patience),
        verify,
        seed == null ? System.nanoTime() & 0xffff_ffffL : seed);
  }

  private static Duration defaultPatience(FilePolicy policy) {
    Duration twice = policy.deadline().multipliedBy(2);
    Duration usual = StressConfig.Limits.DEFAULT.patience();
    return twice.compareTo(usual) > 0 ? twice : usual;
  }

  private Duration waitTimeout() {
    if (waitTimeout.equals("none")) {
      return Duration.ZERO;
    }
    try {
      long millis = Long.parseUnsignedLong(waitTimeout);
      check(millis > 0, "wait-timeout is 0, expected milliseconds from 1, or none");
      return Duration.ofMillis(millis);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "wait-timeout is '" + waitTimeout + "', expected milliseconds from 1, or none", e);
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** A size that prints as on the command line. */
  record ByteCount(long bytes) {
    @Override
    public String toString() {
      return Sizes.text(bytes);
    }
  }

  /** Makes the exception of a conversion its message. */
  private static <T> T converted(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static final class Bytes implements ITypeConverter<ByteCount> {
    @Override
    public ByteCount convert(String value) {
      return converted(() -> new ByteCount(Sizes.bytes(value)));
    }
  }

  private static final class Times implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      return converted(() -> Sizes.time(value));
    }
  }

  private static final class Faults implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      return converted(() -> FaultRule.parse(value).toString());
    }
  }

  private static final class Stages implements ITypeConverter<Stage> {
    @Override
    public Stage convert(String value) {
      for (Stage stage : Stage.values()) {
        if (stage.option().equals(value)) {
          return stage;
        }
      }
      throw new TypeConversionException(
          "stage is '" + value + "', expected write, rewrite, random-write, read or random-read");
    }
  }

  private static final class OnLosts implements ITypeConverter<OnLost> {
    @Override
    public OnLost convert(String value) {
      for (OnLost onLost : OnLost.values()) {
        if (onLost.name().toLowerCase(Locale.ROOT).equals(value)) {
          return onLost;
        }
      }
      throw new TypeConversionException("on-lost is '" + value + "', expected fail or report");
    }
  }
}
