package io.dioagent.agent.jnalogging;

/**
 * What the agent's copy of JNA calls in place of {@code java.util.logging.Logger}. Says nothing:
 * JNA throws whatever matters. Has the methods that JNA calls, and no more.
 */
public final class Logger {
  private static final Logger SILENT = new Logger();

  private Logger() {}

  /** The one logger. */
  public static Logger getLogger(String name) {
    return SILENT;
  }

  /** Always false. */
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
