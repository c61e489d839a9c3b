package io.dioagent.agent.live;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.engine.Daemons;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/**
 * Registers the MBean with the platform's MBean server once other code has started that. To start
 * it earlier is costly, and main may still choose another one.
 *
 * <p>Refers to no type of JMX: this class is loaded before main, and its verification would load
 * them.
 *
 * <p>Thread-safe: the JVM calls {@link #transform} from any thread. The rest is guarded by this.
 */
public final class Registration implements ClassFileTransformer {
  /** Loaded when an MBean server is made. */
  private static final String SERVER_CLASS = "com.sun.jmx.mbeanserver.JmxMBeanServer";

  private static final String SERVER_CLASS_FILE = SERVER_CLASS.replace('.', '/');

  private final LiveAgent agent;
  private final Instrumentation instrumentation;
  private boolean begun;
  private boolean ended;

  /** Null unless it is registered. */
  private DirectIo bean;

  /** Null unless they are registered. */
  private MetricsBeans metrics;

  private Registration(LiveAgent agent, Instrumentation instrumentation) {
    this.agent = agent;
    this.instrumentation = instrumentation;
  }

  /** Registers as soon as there is an MBean server. */
  public static Registration begin(LiveAgent agent, Instrumentation instrumentation) {
    Registration registration = new Registration(agent, instrumentation);
    // As one that can retransform: otherwise each loaded class would be offered twice.
    instrumentation.addTransformer(registration, true);
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (loaded.getName().equals(SERVER_CLASS)) {
        registration.registerSoon();
        break;
      }
    }
    return registration;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] file) {
    if (SERVER_CLASS_FILE.equals(name)) {
      registerSoon();
    }
    return null;
  }

  /**
   * Registers on a separate thread, which waits for the server that this method's caller is about
   * to make.
   */
  private synchronized void registerSoon() {
    if (!begun && !ended) {
      begun = true;
      Daemons.of(this::register, "dio-agent-jmx").start();
    }
  }

  private void register() {
    instrumentation.removeTransformer(this);
    try {
      // The server may be one that the application's class path brings.
      Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    } catch (SecurityException e) {
      AgentLog.warn("no MBean: " + e.getMessage());
      return;
    }
    synchronized (this) {
      if (!ended) {
        bean = DirectIo.register(agent);
        metrics = MetricsBeans.register(agent);
      }
    }
  }

  /** Unregisters the MBean, or keeps it from being registered. */
  public synchronized void end() {
    ended = true;
    instrumentation.removeTransformer(this);
    if (bean != null) {
      bean.unregister();
      bean = null;
    }
    if (metrics != null) {
      metrics.unregister();
      metrics = null;
    }
  }
}
