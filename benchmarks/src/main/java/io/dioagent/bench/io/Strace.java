package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Counts system calls with strace(1), which slows the traced process down. */
public final class Strace {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Commands commands;
  private final Path log;

  private Strace(Commands commands, Path log) {
    this.commands = commands;
    this.log = log;
  }

  /** Returns the machine's strace, if it may trace. */
  public static Optional<Strace> find(Commands commands, Scratch scratch)
      throws InterruptedException {
    Strace strace = new Strace(commands, scratch.file("strace"));
    try {
      strace.traced().runWell(List.of("true"), LIMIT);
      return Optional.of(strace);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Runs processes with their threads traced, one process after the other. */
  public Commands traced() {
    return commands.under(
        List.of(
            "strace",
            "--follow-forks",
            "--seccomp-bpf",
            "--quiet=all",
            "--trace=io_submit",
            "--abbrev=all",
            "--output=" + log));
  }

  /** Returns the submissions of the last process. */
  public Submissions submissions() throws IOException {
    return Submissions.parse(Files.readAllLines(log, StandardCharsets.UTF_8));
  }
}
