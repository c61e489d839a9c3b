package io.dioagent.runtime.jfr;

import io.dioagent.events.AgentConfiguration;
import io.dioagent.events.InFlight;
import io.dioagent.events.RuntimeStatistics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * The hooks that JFR's periodic thread runs, shared by all sinks. They are registered when JFR
 * starts and stay registered; registering them earlier would start JFR, for 60 to 90 ms. Sinks only
 * add and remove the tasks that the hooks run. So the runtime holds no lock during a call to JFR,
 * which may hold its own lock while it calls the runtime. Thread-safe.
 */
final class JfrPeriodicEvents implements FlightRecorderListener {

  private static final List<Runnable> STATISTICS = new CopyOnWriteArrayList<>();
  private static final List<Runnable> IN_FLIGHT = new CopyOnWriteArrayList<>();
  private static final List<Runnable> CONFIGURATIONS = new CopyOnWriteArrayList<>();

  static {
    // Calls back at once if JFR has started already.
    FlightRecorder.addListener(new JfrPeriodicEvents());
  }

  private JfrPeriodicEvents() {}

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    FlightRecorder.addPeriodicEvent(
        RuntimeStatistics.class, () -> STATISTICS.forEach(Runnable::run));
    FlightRecorder.addPeriodicEvent(InFlight.class, () -> IN_FLIGHT.forEach(Runnable::run));
    FlightRecorder.addPeriodicEvent(
        AgentConfiguration.class, () -> CONFIGURATIONS.forEach(Runnable::run));
  }

  static Slot statisticsSlot() {
    return new Slot(STATISTICS);
  }

  static Slot inFlightSlot() {
    return new Slot(IN_FLIGHT);
  }

  static Slot configurationSlot() {
    return new Slot(CONFIGURATIONS);
  }

  /** One sink's place in a hook: empty, or one task. */
  static final class Slot {
    private final List<Runnable> hook;
    private Runnable task;

    private Slot(List<Runnable> hook) {
      this.hook = hook;
    }

    /** Replaces the task; null removes it. Does not wait for a task that is running now. */
    synchronized void use(Runnable newTask) {
      if (task != null) {
        hook.remove(task);
      }
      if (newTask != null) {
        hook.add(newTask);
      }
      task = newTask;
    }
  }
}
