package io.dioagent.agent.cli;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.install.Natives;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.EventSink;
import io.dioagent.runtime.FilePolicy;
import io.dioagent.runtime.RuntimeOptions;
import io.dioagent.runtime.aio.ChosenEngine;
import io.dioagent.runtime.aio.EngineKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Tells whether files can go direct. A file is only asked for what the kernel says about it; in a
 * directory a file is made, written directly and removed.
 */
public final class ProbeCommand implements Command {
  private static final int TRIAL_BYTES = 64 << 10;

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public String arguments() {
    return "PATH...";
  }

  @Override
  public String purpose() {
    return "tells whether a file, or a new one in a directory, can go direct, and why not";
  }

  /** Succeeds if all of them can. */
  @Override
  public boolean run(List<String> arguments, PrintStream out)
      throws UsageException, CommandException {
    if (arguments.isEmpty()) {
      throw new UsageException(usage());
    }
    try {
      Natives.load();
    } catch (AgentException e) {
      throw new CommandException(e.getMessage(), e);
    }
    boolean all = true;
    ChosenEngine engine = new ChosenEngine(EngineKind.AUTO);
    try (DirectRuntime runtime =
        DirectRuntime.start(RuntimeOptions.DEFAULT, EventSink.none(), engine)) {
      String whyNot = runtime.whyNotDirect();
      if (whyNot != null) {
        out.println("this machine: not direct: " + whyNot);
        return false;
      }
      out.println("this machine: " + engine);
      for (String argument : arguments) {
        all &= probe(runtime, Path.of(argument), out);
      }
    }
    return all;
  }

  private static boolean probe(DirectRuntime runtime, Path path, PrintStream out) {
    try {
      return Files.isDirectory(path)
          ? probeDirectory(runtime, path, out)
          : probeFile(runtime, path, out);
    } catch (IOException e) {
      out.println(path + ": not direct: " + e.getMessage());
      return false;
    }
  }

  private static boolean probeFile(DirectRuntime runtime, Path path, PrintStream out)
      throws IOException {
    try (DirectFile file = runtime.open(path, FilePolicy.DEFAULT)) {
      return tell(file, path, out);
    }
  }

  private static boolean probeDirectory(DirectRuntime runtime, Path directory, PrintStream out)
      throws IOException {
    Path trial = Files.createTempFile(directory, "dio-agent-probe", null);
    try (DirectFile file = runtime.open(trial, FilePolicy.DEFAULT, StandardOpenOption.WRITE)) {
      int unused = file.write(ByteBuffer.allocateDirect(TRIAL_BYTES), 0);
      return tell(file, directory, out);
    } finally {
      Files.deleteIfExists(trial);
    }
  }

  private static boolean tell(DirectFile file, Path path, PrintStream out) {
    out.println(
        path
            + ": "
            + (file.isDirect()
                ? "direct, in blocks of " + file.alignBytes() + " bytes"
                : "not direct")
            + ": "
            + file.reason());
    return file.isDirect();
  }
}
