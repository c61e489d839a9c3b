package io.dioagent.agent.jnalogging;

/** Replaces {@code java.util.logging.Level} in the agent's copy of JNA. */
public final class Level {
  public static final Level SEVERE = new Level();
  public static final Level WARNING = new Level();
  public static final Level INFO = new Level();
  public static final Level FINE = new Level();
  public static final Level FINER = new Level();

  private Level() {}
}
