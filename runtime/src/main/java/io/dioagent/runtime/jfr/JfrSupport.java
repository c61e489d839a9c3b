package io.dioagent.runtime.jfr;

import io.dioagent.runtime.api.EventSink;
import jdk.jfr.FlightRecorder;

/**
 * Whether events can be told to JFR, for callers that must also run where they cannot: this class
 * loads without the module jdk.jfr, which {@code --limit-modules} may have left out. Thread-safe.
 */
public final class JfrSupport {

  private static final boolean AVAILABLE = probe();

  private JfrSupport() {}

  /** Whether jdk.jfr and the event classes are here and this JVM can record. */
  public static boolean available() {
    return AVAILABLE;
  }

  /** A new sink that commits JFR events, or null if that is not {@link #available}. */
  public static EventSink createOrNull() {
    return AVAILABLE ? Linked.create() : null;
  }

  /**
   * Prepares the event classes, so that the first of each kind does not pay for it (20 to 60 ms
   * together). For a background thread, once. Does nothing if JFR is not {@link #available}, or has
   * not started: then nobody pays, and JFR's own start covers most of it.
   */
  public static void warmUp() {
    if (AVAILABLE) {
      Linked.warmUp();
    }
  }

  private static boolean probe() {
    ClassLoader loader = JfrSupport.class.getClassLoader();
    try {
      Class.forName("jdk.jfr.Event", false, loader);
      Class.forName("io.dioagent.events.DioEvents", false, loader);
      return Linked.available();
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** What links jdk.jfr. Apart, so that no verifier looks for it before the probe has. */
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
