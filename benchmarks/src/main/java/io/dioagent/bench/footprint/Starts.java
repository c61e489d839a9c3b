package io.dioagent.bench.footprint;

import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.work.Started;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts the JVMs of one JDK. */
final class Starts {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String THREAD = "thread=";
  private static final String PEAK = "peakKib=";
  private static final double KIB_PER_MIB = 1024;

  private final Commands commands;
  private final Path java;
  private final String classPath;
  private final Path log;
  private final Path archive;

  /**
   * Prepares starts; makes an archive of the program's classes, as applications may.
   *
   * @param java the JDK's java command
   */
  Starts(Commands commands, Scratch scratch, Path java, String classPath)
      throws IOException, InterruptedException {
    this.commands = commands;
    this.java = java;
    this.classPath = classPath;
    log = scratch.file("classes.log");
    archive = scratch.file("started.jsa");
    Files.deleteIfExists(archive); // Made by another JDK.
    Variant plain = new Variant("", List.of(), Optional.empty(), "");
    commands.runWell(command(plain, "-XX:ArchiveClassesAtExit=" + archive), LIMIT);
  }

  /**
   * Takes a sample of a variant.
   *
   * @throws IOException if it does not run; the message has its exit code and first line
   */
  Sample start(Variant variant) throws IOException, InterruptedException {
    double wallMillis = run(variant).durationNanos() / 1e6;
    ClassLog ownArchive = logOf(variant, "-XX:SharedArchiveFile=" + archive);
    Commands.Outcome outcome = run(variant, logArgument());
    ClassLog classes = readLog();
    List<String> threads = new ArrayList<>();
    double peakKib = Double.NaN;
    for (String line : outcome.output().lines().toList()) {
      if (line.startsWith(THREAD)) {
        threads.add(line.substring(THREAD.length()));
      } else if (line.startsWith(PEAK)) {
        peakKib = Double.parseDouble(line.substring(PEAK.length()));
      }
    }
    return new Sample(
        wallMillis,
        classes.premainMillis(),
        peakKib / KIB_PER_MIB,
        classes.loaded(),
        classes.shared(),
        classes.moduleGraphShared(),
        ownArchive.mainShared(),
        threads);
  }

  private ClassLog logOf(Variant variant, String argument)
      throws IOException, InterruptedException {
    Commands.Outcome unused = run(variant, argument, logArgument());
    return readLog();
  }

  private String logArgument() {
    return ClassLog.JVM_ARGUMENT + log + ClassLog.JVM_ARGUMENT_END;
  }

  private ClassLog readLog() throws IOException {
    return ClassLog.parse(Files.readAllLines(log, StandardCharsets.UTF_8));
  }

  private Commands.Outcome run(Variant variant, String... more)
      throws IOException, InterruptedException {
    Commands.Outcome outcome = commands.run(command(variant, more), LIMIT);
    if (outcome.exitCode() != 0) {
      String said = outcome.errorText().lines().findFirst().orElse("nothing");
      throw new IOException("exit code " + outcome.exitCode() + ", and said: " + said);
    }
    return outcome;
  }

  private List<String> command(Variant variant, String... more) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(variant.jvmArguments());
    command.addAll(List.of(more));
    command.add("-cp");
    command.add(classPath);
    command.add(Started.class.getName());
    variant.file().ifPresent(command::add);
    return command;
  }
}
