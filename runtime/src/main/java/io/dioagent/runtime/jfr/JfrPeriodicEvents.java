package io.dioagent.runtime.jfr;

import io.dioagent.events.AgentConfiguration;
import io.dioagent.events.RuntimeStatistics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * The two hooks that JFR's periodic thread runs, shared by all sinks. They are registered when JFR
 * starts, not before: that would start it, for 60 to 90 ms. They stay; what they run comes and
 * goes. So no lock of ours is ever held around a call of JFR, which may hold its own while it calls
 * us. Thread-safe.
 */
final class JfrPeriodicEvents implements FlightRecorderListener {

  private static final List<Runnable> STATISTICS = new CopyOnWriteArrayList<>();
  private static final List<Runnable> CONFIGURATIONS = new CopyOnWriteArrayList<>();

  static {
    // Answers at once if JFR has started already.
    FlightRecorder.addListener(new JfrPeriodicEvents());
  }

  private JfrPeriodicEvents() {}

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    FlightRecorder.addPeriodicEvent(
        RuntimeStatistics.class, () -> STATISTICS.forEach(Runnable::run));
    FlightRecorder.addPeriodicEvent(
        AgentConfiguration.class, () -> CONFIGURATIONS.forEach(Runnable::run));
  }

  static Slot statisticsSlot() {
    return new Slot(STATISTICS);
  }

  static Slot configurationSlot() {
    return new Slot(CONFIGURATIONS);
  }

  /** One sink's place in a hook: empty, or one thing that tells. */
  static final class Slot {
    private final List<Runnable> hook;
    private Runnable teller;

    private Slot(List<Runnable> hook) {
      this.hook = hook;
    }

    /** Replaces what tells; null for nothing. Does not wait for one that is telling now. */
    synchronized void use(Runnable newTeller) {
      if (teller != null) {
        hook.remove(teller);
      }
      if (newTeller != null) {
        hook.add(newTeller);
      }
      teller = newTeller;
    }
  }
}
