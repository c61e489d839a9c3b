package io.dioagent.agent.live;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.engine.Daemons;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes anomalies to stderr, one line for each kind and file at first, and then at most one a
 * minute.
 *
 * <p>A thread of its own formats and writes them: stderr may be a pipe that is full, and the heap
 * may be full, too. The threads that report anomalies only copy values, and allocate nothing. The
 * thread starts with the agent, because at a loss there may be no memory to start one.
 *
 * <p>Also passes them on to another listener. Thread-safe.
 */
final class AnomalyLog implements AnomalyListener {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Limits how long the end of the JVM or of the agent waits for lines; then they are dropped. */
  private static final long LONGEST_END_MILLIS = 500;

  /** How long the thread rests after a failure, mostly a full heap. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AnomalyTable table = new AnomalyTable(QUIET_NANOS);
  private final AnomalyText text;
  private final boolean on = AgentLog.isOn(AgentLog.Level.WARN);
  private final Thread writer = Daemons.of(new Writer(), "dio-agent-log");

  /** Runs when the JVM ends, so that an application that ends by an error has its line. */
  private final Thread atExit = Daemons.of(new AtExit(), "dio-agent-log-end");

  private volatile AnomalyListener other;
  private volatile boolean ended;

  AnomalyLog(boolean injecting) {
    text = new AnomalyText(ProcessHandle.current().pid(), injecting);
  }

  /** Starts writing, unless the level is below warnings. */
  void start() {
    if (!on) {
      return;
    }
    writer.start();
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // The JVM is about to end.
    }
  }

  /** Writes what is left, and stops. */
  void end() {
    if (!on) {
      return;
    }
    finish();
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // The JVM is about to end.
    }
  }

  private void finish() {
    ended = true;
    LockSupport.unpark(writer);
    try {
      writer.join(LONGEST_END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sets the listener that is notified, too; null for none. */
  void passTo(AnomalyListener listener) {
    other = listener;
  }

  @Override
  public void lost(RequestInfo request, long ageNanos, long deadlineNanos, String reason) {
    add(Anomaly.LOST, request, ageNanos, deadlineNanos, 0, false, reason);
    AnomalyListener listener = other;
    if (listener != null) {
      listener.lost(request, ageNanos, deadlineNanos, reason);
    }
  }

  @Override
  public void late(RequestInfo request, long ageNanos, long result, boolean delivered) {
    add(Anomaly.LATE, request, ageNanos, 0, result, delivered, null);
    AnomalyListener listener = other;
    if (listener != null) {
      listener.late(request, ageNanos, result, delivered);
    }
  }

  @Override
  public void duplicate(RequestInfo request, long ageNanos, String reason) {
    add(Anomaly.DUPLICATE, request, ageNanos, 0, 0, false, reason);
    AnomalyListener listener = other;
    if (listener != null) {
      listener.duplicate(request, ageNanos, reason);
    }
  }

  @Override
  public void failed(RequestInfo request, long ageNanos, long result, String reason) {
    if (result != -Errno.EFAULT) { // That is the caller's own memory, and no fault of the device.
      add(Anomaly.ERROR, request, ageNanos, 0, result, false, reason);
    }
    AnomalyListener listener = other;
    if (listener != null) {
      listener.failed(request, ageNanos, result, reason);
    }
  }

  private void add(
      int kind,
      RequestInfo request,
      long ageNanos,
      long deadlineNanos,
      long result,
      boolean delivered,
      String reason) {
    if (on) {
      table.add(
          kind, request, ageNanos, deadlineNanos, result, delivered, reason, System.nanoTime());
      LockSupport.unpark(writer);
    }
  }

  private final class Writer implements Runnable {
    private final Anomaly taken = new Anomaly();
    private boolean unwritten;

    @Override
    public void run() {
      boolean goesOn = true;
      while (goesOn) {
        try {
          goesOn = step();
        } catch (RuntimeException | Error e) {
          LockSupport.parkNanos(AnomalyLog.this, REST_NANOS); // Then the same line once more.
        }
      }
    }

    /** Returns false at the end. */
    private boolean step() {
      boolean last = ended;
      unwritten = unwritten || table.take(taken, last, System.nanoTime());
      if (unwritten) {
        AgentLog.warn(text.of(taken));
        unwritten = false;
        return true;
      }
      if (!last) {
        LockSupport.parkNanos(AnomalyLog.this, table.nextNanos(System.nanoTime()));
      }
      return !last;
    }
  }

  private final class AtExit implements Runnable {
    @Override
    public void run() {
      finish();
    }
  }
}
