package io.dioagent.samples.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The FUSE server of src/test/c/faultfs.c: one file on a device with injectable faults. */
final class FaultFs implements Fixture {
  private final Path mountPoint;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;
  private final Path backing;
  private boolean unmounted;

  /** The operations that a rule applies to. */
  enum Op {
    READ,
    WRITE,
    SYNC,
    ANY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Counts of requests since the start, and of those held now. */
  record Counts(long reads, long writes, long syncs, long failed, long held) {}

  /** Mounts one with a sparse file of this size. */
  FaultFs(WorkDirectory work, long sizeBytes) {
    this(work, sizeBytes, false);
  }

  /**
   * Mounts one.
   *
   * @param synchronous whether direct writes are synchronous inside the kernel, which can then
   *     report short results
   */
  FaultFs(WorkDirectory work, long sizeBytes, boolean synchronous) {
    backing = work.resolve("backing");
    mountPoint = work.newDirectory("fuse");
    try {
      try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
        file.setLength(sizeBytes);
      }
      List<String> command = new ArrayList<>(List.of(Natives.path("faultfs").toString()));
      if (synchronous) {
        command.add("-s");
      }
      command.addAll(List.of(backing.toString(), mountPoint.toString()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      commands = process.outputWriter(StandardCharsets.UTF_8);
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      expect("ready", answers.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the backing file, which outlives the server. */
  Path backing() {
    return backing;
  }

  /** Returns the file. */
  Path disk() {
    return mountPoint.resolve("disk");
  }

  /** Makes requests that touch the range fail. */
  void fail(Op op, Range range, int errno) {
    order("fail " + op + " " + range.from() + " " + range.to() + " " + errno);
  }

  /** Delays requests that touch the range. */
  void delay(Op op, Range range, long millis) {
    order("delay " + op + " " + range.from() + " " + range.to() + " " + millis);
  }

  /** Holds requests that touch the range until the release. */
  void hold(Op op, Range range) {
    order("hold " + op + " " + range.from() + " " + range.to());
  }

  /** Shortens requests that begin before the range and touch it. */
  void shorten(Op op, Range range) {
    order("short " + op + " " + range.from() + " " + range.to());
  }

  /** Removes all rules; held requests continue. */
  @Override
  public void release() {
    if (process.isAlive()) {
      order("clear");
    }
  }

  Counts counts() {
    String[] words = ask("counts").split(" ", -1);
    return new Counts(
        Long.parseLong(words[1]),
        Long.parseLong(words[3]),
        Long.parseLong(words[5]),
        Long.parseLong(words[7]),
        Long.parseLong(words[9]));
  }

  /** Kills the server while in use; all its requests fail from then on. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private void order(String line) {
    expect("ok", ask(line));
  }

  private synchronized String ask(String line) {
    try {
      commands.write(line + "\n");
      commands.flush();
      return answers.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException("faultfs does not take '" + line + "'", e);
    }
  }

  private static void expect(String expected, String answer) {
    if (!expected.equals(answer)) {
      throw new IllegalStateException("faultfs said '" + answer + "', expected '" + expected + "'");
    }
  }

  @Override
  public void close() {
    if (unmounted) {
      return;
    }
    Command.run("umount", mountPoint);
    unmounted = true;
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("faultfs does not end after it was unmounted");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
