package io.dioagent.agent.contract;

import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short programs that are no JVMs. */
public final class Command {
  private static final long LONGEST_SECONDS = 60;
  private static final int NOT_STARTED = 127;

  private Command() {}

  /** Runs it to its end; one that is not there ends with 127, one that hangs is killed. */
  public static JvmResult run(String... command) {
    String line = String.join(" ", command);
    Process process;
    try {
      process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    } catch (IOException e) {
      return new JvmResult(line, NOT_STARTED, "", e.getMessage());
    }
    Thread killer = new Thread(() -> killLate(process), "time-out of " + line);
    killer.setDaemon(true);
    killer.start();
    try (InputStream in = process.getInputStream()) {
      String out = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new JvmResult(line, process.waitFor(), out, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      kill(process);
    }
  }

  private static void killLate(Process process) {
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        kill(process);
      }
    } catch (InterruptedException e) {
      kill(process);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
