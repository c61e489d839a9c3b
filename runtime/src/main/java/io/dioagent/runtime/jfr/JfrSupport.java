package io.dioagent.runtime.jfr;

import io.dioagent.runtime.api.EventSink;
import jdk.jfr.FlightRecorder;

/**
 * Finds out whether JFR can record events, for callers that must also run without it. This class
 * loads without the module jdk.jfr, which {@code --limit-modules} may have left out. Thread-safe.
 */
public final class JfrSupport {

  /** Null if it can. */
  private static final String WHY_NOT = probe();

  private static final boolean AVAILABLE = WHY_NOT == null;

  private JfrSupport() {}

  /** Returns whether jdk.jfr and the event classes are present and this JVM can record. */
  public static boolean available() {
    return AVAILABLE;
  }

  /** Returns in one line why JFR is not {@link #available}; null if it is. */
  public static String whyNot() {
    return WHY_NOT;
  }

  /** Returns a new sink that commits JFR events, or null if JFR is not {@link #available}. */
  public static EventSink createOrNull() {
    return AVAILABLE ? Linked.create() : null;
  }

  /**
   * Prepares the event classes, so that the first event of each kind does not take longer (20 to 60
   * ms together). Called once, by a background thread. Does nothing if JFR is not {@link
   * #available} or has not started. In that case JFR's own start covers most of the preparation.
   */
  public static void warmUp() {
    if (AVAILABLE) {
      Linked.warmUp();
    }
  }

  private static String probe() {
    ClassLoader loader = JfrSupport.class.getClassLoader();
    try {
      Class.forName("jdk.jfr.Event", false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return "this JVM runs without the module jdk.jfr";
    }
    try {
      Class.forName("io.dioagent.events.DioEvents", false, loader);
      return Linked.available() ? null : "JFR is off in this JVM (-XX:-FlightRecorder)";
    } catch (ClassNotFoundException | LinkageError e) {
      return "the event classes cannot be loaded: " + e;
    }
  }

  /**
   * Holds the code that links jdk.jfr. Separate, so that no verifier looks for the module before
   * the probe.
   */
  private static final class Linked {
    static boolean available() {
      return FlightRecorder.isAvailable();
    }

    static EventSink create() {
      return new JfrEventSink();
    }

    static void warmUp() {
      JfrEventSink.warmUp();
    }
  }
}
