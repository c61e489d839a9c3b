package io.dioagent.agent.jnalogging;

/**
 * Replaces {@code java.util.logging.Logger} in the agent's copy of JNA. Logs nothing: JNA throws
 * exceptions for whatever matters. Has only the methods that JNA calls.
 */
public final class Logger {
  private static final Logger SILENT = new Logger();

  private Logger() {}

  /** Returns the only logger. */
  public static Logger getLogger(String name) {
    return SILENT;
  }

  /** Returns false. */
  public boolean isLoggable(Level level) {
    return false;
  }

  /** Does nothing. */
  public void log(Level level, String message) {}

  /** Does nothing. */
  public void log(Level level, String message, Object parameter) {}

  /** Does nothing. */
  public void log(Level level, String message, Object[] parameters) {}

  /** Does nothing. */
  public void log(Level level, String message, Throwable thrown) {}
}
