package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.AgentLog;
import io.dioagent.agent.hook.FileHook;
import io.dioagent.agent.hook.SelfTest;
import io.dioagent.agent.live.LiveAgent;
import io.dioagent.agent.live.Registration;
import io.dioagent.agent.options.AgentOptions;
import io.dioagent.agent.weave.Weaver;
import io.dioagent.agent.weave.WeavingException;
import io.dioagent.runtime.engine.Daemons;
import io.dioagent.runtime.jfr.JfrSupport;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import sun.nio.ch.DioHook;

/**
 * Installs the agent, or leaves the JVM as it was. Must not be loaded before {@link
 * HookClass#define}: it refers to the class that this method defines.
 */
final class Installation {
  /** Limits how often classes are woven if a self-test fails; then the installation fails. */
  private static final int TRIES = 4;

  private static final long BETWEEN_TRIES_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Limits how long {@link #uninstall} waits for operations that have begun; then it fails. */
  private static final long LONGEST_STOP_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** HotSpot's thread that calls agentmain. */
  private static final String ATTACH_THREAD = "Attach Listener";

  /** Null unless the agent is installed; guarded by the class. */
  private static Installed installed;

  private Installation() {}

  /**
   * Installs the agent.
   *
   * @throws AgentException if it failed; everything is undone then
   */
  static synchronized void install(
      AgentOptions options, Instrumentation instrumentation, String version) throws AgentException {
    boolean hookStayed = installed != null && installed.isStopped();
    if (DioHook.isInstalled() && !hookStayed) {
      throw new AgentException(
          "dio-agent is already in this JVM, expected to be loaded once: remove one -javaagent, or"
              + " do not attach");
    }
    RuntimeStart starting = RuntimeStart.begin(options);
    FileHook hook = hookStayed ? installed.hook() : new FileHook();
    Weaver weaver = null;
    boolean done = false;
    try {
      weaver = hookStayed ? installed.weaver() : hookIn(instrumentation, hook);
      starting.await();
      done = true;
    } finally {
      if (!done) {
        starting.cancel();
        if (weaver != null && !hookStayed) {
          takeOut(weaver);
        }
      }
    }
    LiveAgent live =
        new LiveAgent(
            version,
            options.mode(),
            starting.runtime(),
            starting.events(),
            options.tags(),
            starting.settings());
    installed = new Installed(hook, weaver, live, managed(live, instrumentation));
    live.logAnomalies();
    hook.start(options.mode(), starting.runtime(), options.tags(), options.excludes());
    live.publishSettings();
    AgentProperties.show(live);
    warmUp(live);
    AgentLog.info("on: " + starting.describe());
  }

  /** Returns null where this JVM has no JMX. */
  private static Registration managed(LiveAgent live, Instrumentation instrumentation) {
    return ModuleLayer.boot().findModule("java.management").isEmpty()
        ? null
        : Registration.begin(live, instrumentation);
  }

  /**
   * Removes the agent as far as possible. If the application holds locks on files, the hook stays
   * until they are closed, and does nothing else.
   *
   * @throws AgentException if it is not in this JVM, or must stay: then nothing has changed
   */
  static synchronized void uninstall() throws AgentException {
    if (installed == null || installed.isStopped()) {
      throw new AgentException(Installer.NOT_HERE);
    }
    LiveAgent live = installed.live();
    int kept = installed.hook().stop(System.nanoTime() + LONGEST_STOP_NANOS);
    if (installed.management() != null) {
      installed.management().end();
    }
    AgentProperties.hide();
    live.withdrawSettings();
    live.runtime().close();
    live.stopLogging();
    if (kept > 0) {
      installed = installed.stopped();
      AgentLog.info("off, but for " + kept + " files that are locked: until they are closed");
      return;
    }
    Weaver weaver = installed.weaver();
    installed = null;
    takeOut(weaver);
    AgentLog.info("off");
  }

  private static void takeOut(Weaver weaver) {
    boolean unused = DioHook.install(null);
    try {
      weaver.unweave();
    } catch (WeavingException e) {
      AgentLog.warn("the hooks stay, and do nothing: " + e.getMessage());
    }
  }

  private static Weaver hookIn(Instrumentation instrumentation, FileHook hook)
      throws AgentException {
    if (!DioHook.install(hook)) {
      throw new AgentException("another dio-agent was just loaded into this JVM");
    }
    Weaver weaver = null;
    try {
      weaver = weaveAndTest(instrumentation, hook);
      return weaver;
    } finally {
      if (weaver == null) {
        boolean unused = DioHook.install(null);
      }
    }
  }

  private static Weaver weaveAndTest(Instrumentation instrumentation, FileHook hook)
      throws AgentException {
    Weaver weaver;
    try {
      weaver = Weaver.weave(instrumentation);
    } catch (WeavingException e) {
      throw new AgentException(
          "cannot hook into this JDK ("
              + System.getProperty("java.runtime.version")
              + "): "
              + e.getMessage(),
          e);
    }
    String notSeen = notSeenInSome(TRIES, weaver, hook);
    if (notSeen != null) {
      String undone = "";
      try {
        weaver.unweave();
      } catch (WeavingException e) {
        undone = "; " + e.getMessage();
      }
      throw new AgentException(
          "the self-test wrote to /dev/null, and the hooks did not see "
              + notSeen
              + "; look for another agent that changes sun.nio.ch, or load this one last"
              + undone);
    }
    return weaver;
  }

  /**
   * Runs the self-test, and weaves again if it fails. Another agent's retransformation that began
   * before this one may end after it and remove the prologues. One that begins later does not.
   */
  private static String notSeenInSome(int tries, Weaver weaver, FileHook hook) {
    String notSeen = notSeen(hook);
    if (notSeen == null || tries <= 1) {
      return notSeen;
    }
    LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
    try {
      weaver.weaveAgain();
    } catch (WeavingException e) {
      return notSeen + ", and cannot hook once more: " + e.getMessage();
    }
    return notSeenInSome(tries - 1, weaver, hook);
  }

  private static String notSeen(FileHook hook) {
    try {
      return SelfTest.run(hook);
    } catch (IOException | RuntimeException | LinkageError e) {
      return "it through: " + e;
    }
  }

  /**
   * Commits a process's first events, which are slow, outside an application's write. After an
   * attach looks for threads that hang already; before main there are none.
   */
  private static void warmUp(LiveAgent live) {
    boolean attached = Thread.currentThread().getName().equals(ATTACH_THREAD);
    Daemons.of(new WarmUp(attached ? live : null), "dio-agent-warm-up").start();
  }

  private static final class WarmUp implements Runnable {
    /** Null if there is nothing to look for. */
    private final LiveAgent attached;

    WarmUp(LiveAgent attached) {
      this.attached = attached;
    }

    @Override
    public void run() {
      JfrSupport.warmUp();
      if (attached != null) {
        attached.logHeld();
      }
    }
  }
}
