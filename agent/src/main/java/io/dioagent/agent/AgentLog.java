package io.dioagent.agent;

import io.dioagent.runtime.api.OneLine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes one line per message to the process's own stderr, whatever {@code System.err} was set to.
 * Uses no logging framework: these belong to the application.
 *
 * <p>Thread-safe; lines are written whole. Writing never goes through a hook: it is a stream's own
 * native write.
 */
public final class AgentLog {
  /** From the fewest to the most messages. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  private static final String PREFIX = "[dio-agent] ";

  private static final FileOutputStream STDERR = new FileOutputStream(FileDescriptor.err);

  private static volatile Level level = Level.WARN;

  private AgentLog() {}

  /** Sets the level up to which messages are written. */
  public static void setLevel(Level newLevel) {
    level = newLevel;
  }

  /** Whether messages of this level are written, for messages that are costly to make. */
  public static boolean isOn(Level wanted) {
    return wanted.compareTo(level) <= 0;
  }

  /** Logs something that the operator should act on. */
  public static void warn(String message) {
    log(Level.WARN, message);
  }

  /** Logs the reason of a decision of the agent. */
  public static void info(String message) {
    log(Level.INFO, message);
  }

  /** Logs an action of the agent on one file. */
  public static void debug(String message) {
    log(Level.DEBUG, message);
  }

  /** Logs at every level. */
  public static void announce(String message) {
    log(Level.ERROR, message);
  }

  private static void log(Level wanted, String message) {
    if (!isOn(wanted)) {
      return;
    }
    byte[] line = (PREFIX + OneLine.of(message) + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (STDERR) {
      try {
        STDERR.write(line);
      } catch (IOException e) {
        return; // Stderr is closed.
      }
    }
  }
}
