package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.AgentOptions;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.Daemons;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.fault.FaultyEngine;
import io.dioagent.runtime.jfr.JfrSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Starts the runtime, JNA first, on a thread of its own while the caller weaves: each takes about
 * half of the agent's start.
 *
 * <p>Used by one thread, which reads the results once {@link #await} has returned.
 */
final class RuntimeStart implements Runnable {
  private final AgentOptions options;
  private final ChosenEngine engine;
  private final Thread thread;

  // Written by the thread, read after it has ended.
  private EventSink events;
  private DirectRuntime runtime;
  private Throwable failure;

  private RuntimeStart(AgentOptions options) {
    this.options = options;
    engine = new ChosenEngine(options.engine());
    thread = Daemons.of(this, "dio-agent-start");
  }

  /** Begins to start the runtime; {@link #await} or {@link #cancel} must follow. */
  static RuntimeStart begin(AgentOptions options) {
    RuntimeStart start = new RuntimeStart(options);
    start.thread.start();
    return start;
  }

  @Override
  public void run() {
    try {
      JavaBase.enableNativeAccess(com.sun.jna.Native.class.getModule());
      JnaLibrary.load();
      String whyNoPaths = DirectRuntime.whyNoPaths();
      if (whyNoPaths != null) {
        AgentLog.warn(whyNoPaths);
      }
      tryEngine();
      events = newEvents();
      runtime = DirectRuntime.start(options.runtime(), events, withFaults());
    } catch (AgentException | RuntimeException | Error e) { // Thrown by await().
      failure = e;
    }
  }

  /**
   * Waits for the runtime.
   *
   * @throws AgentException if it cannot start
   */
  void await() throws AgentException {
    join();
    if (failure instanceof AgentException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Closes the runtime, which is not needed any more. */
  void cancel() {
    join();
    if (runtime != null) {
      runtime.close();
    }
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  EventSink events() {
    return events;
  }

  DirectRuntime runtime() {
    return runtime;
  }

  /** Returns the settings, and the engine that {@code engine} has selected. */
  List<Setting> settings() {
    List<Setting> all = new ArrayList<>(options.settings());
    String why = engine.whyNotFirst();
    all.add(new Setting("engine in use", engine.chosen(), why == null ? "first choice" : why));
    return all;
  }

  /** Describes the options and the engine in one line. */
  String describe() {
    return options.describe() + "; " + engine;
  }

  /**
   * Tries the engine. Fails if a requested engine does not work; if none works, writes go through
   * the page cache.
   */
  private void tryEngine() throws AgentException {
    try {
      engine.probe(options.runtime().queueDepth());
    } catch (AioUnavailableException e) {
      if (options.engine() != EngineKind.AUTO) {
        String asked = options.engine().name().toLowerCase(Locale.ROOT);
        throw new AgentException("engine=" + asked + " does not work here: " + e.getMessage(), e);
      }
      AgentLog.warn(e.getMessage());
    }
  }

  private AioEngine withFaults() {
    if (options.faults().isEmpty()) {
      return engine;
    }
    AgentLog.announce("injects faults, as asked for: " + options.faults());
    return new FaultyEngine(engine, options.faults(), events);
  }

  private static EventSink newEvents() {
    EventSink events = JfrSupport.createOrNull();
    if (events == null) {
      AgentLog.warn("no JFR events: " + JfrSupport.whyNot());
      return EventSink.none();
    }
    return events;
  }
}
