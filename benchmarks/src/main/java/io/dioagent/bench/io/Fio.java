package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs fio with its defaults, except options that must match the other side. */
public final class Fio {
  /** The reason to skip rows without fio. */
  public static final String MISSING = "no fio, apt-get install fio";

  /** Limits a run of fio; past it, the row fails. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Commands commands;
  private final String version;

  private Fio(Commands commands, String version) {
    this.commands = commands;
    this.version = version;
  }

  /** The engine of fio; both use O_DIRECT. */
  public enum Engine {
    LIBAIO,
    IO_URING
  }

  /** Returns the machine's fio, if installed. */
  public static Optional<Fio> find(Commands commands) throws InterruptedException {
    try {
      String version = commands.runWell(List.of("fio", "--version"), LIMIT).output().trim();
      return Optional.of(new Fio(commands, version));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public String version() {
    return version;
  }

  /** Overwrites an existing file. */
  public FioResult write(
      Engine engine, Path file, WriteShape shape, Duration warmUp, Duration measured)
      throws IOException, InterruptedException {
    return run(
        engine,
        file,
        shape,
        "--allow_file_create=0",
        "--size=100%",
        "--time_based",
        "--ramp_time=" + seconds(warmUp),
        "--runtime=" + seconds(measured));
  }

  /** Writes a new, growing file. */
  public FioResult writeNew(Engine engine, Path file, WriteShape shape, long lengthBytes)
      throws IOException, InterruptedException {
    return run(engine, file, shape, "--size=" + lengthBytes, "--end_fsync=1");
  }

  private FioResult run(Engine engine, Path file, WriteShape shape, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=peer",
                "--ioengine=" + engine.name().toLowerCase(Locale.ROOT),
                "--direct=1",
                "--filename=" + file.toString().replace(":", "\\:"),
                "--fallocate=none",
                "--rw=" + (shape.random() ? "randwrite" : "write"),
                "--norandommap",
                "--randrepeat=0",
                "--bs=" + shape.ioBytes(),
                "--iodepth=" + shape.depth(),
                "--output-format=json"));
    command.addAll(List.of(more));
    return FioResult.parse(commands.runWell(command, LIMIT).output());
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%dms", duration.toMillis());
  }
}
