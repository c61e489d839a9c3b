package io.dioagent.agent;

import io.dioagent.runtime.api.OneLine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One line per message on the process's own stderr, whatever {@code System.err} was set to. No
 * logging framework: those belong to the application.
 *
 * <p>Thread-safe; lines are written whole. Writing never goes through a hook: it is a stream's own
 * native write.
 */
public final class AgentLog {
  /** From the least to the most talkative. */
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

  /** Messages up to this level are written from now on. */
  public static void setLevel(Level newLevel) {
    level = newLevel;
  }

  /** Whether messages of this level are written, where making one costs something. */
  public static boolean isOn(Level wanted) {
    return wanted.compareTo(level) <= 0;
  }

  /** Something the operator should act on. */
  public static void warn(String message) {
    log(Level.WARN, message);
  }

  /** Why the agent does what it does. */
  public static void info(String message) {
    log(Level.INFO, message);
  }

  /** What the agent does, file by file. */
  public static void debug(String message) {
    log(Level.DEBUG, message);
  }

  /** Written at every level. */
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
        return; // Nobody listens on stderr any more.
      }
    }
  }
}
