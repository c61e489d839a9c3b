package io.dioagent.agent.install;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.live.LiveAgent;
import io.dioagent.agent.live.Status;
import java.lang.reflect.Field;
import java.util.Properties;

/**
 * The JVM's properties for agents, with what the agent tells of itself. Who attaches can read them,
 * and the application cannot see them. They are asked for by the thread that serves attachers,
 * which is when the status is made: to load our jar once more for that would cost the application
 * some memory each time, and on newer JDKs a warning.
 *
 * <p>Not to be used before {@link JavaBase#open}. Thread-safe, as {@link Properties} are.
 */
final class AgentProperties extends Properties {
  private static final long serialVersionUID = 1L;

  /**
   * Of the agent as it is when it is read: JSON, or a line that says why there is none. {@code
   * io.dioagent.agent.cli} reads it.
   */
  private static final String STATUS = "io.dioagent.status";

  private final transient Properties replaced;
  private final transient LiveAgent agent;

  private AgentProperties(Properties replaced, LiveAgent agent) {
    this.replaced = replaced;
    this.agent = agent;
    putAll(replaced);
    setProperty(STATUS, "");
  }

  @Override
  public String getProperty(String key) {
    if (!key.equals(STATUS)) {
      return super.getProperty(key);
    }
    try {
      return Status.json(agent);
    } catch (RuntimeException | LinkageError e) { // Who asks is the JVM.
      return "it cannot tell its status: " + e;
    }
  }

  /** From now on an attacher finds the agent. Where this JDK has no place for that, it is said. */
  static void show(LiveAgent agent) {
    try {
      Class<?> support = support();
      synchronized (support) {
        field(support).set(null, new AgentProperties(current(support), agent));
      }
    } catch (ReflectiveOperationException | RuntimeException e) { // The agent works without.
      AgentLog.warn("detach and status will not find the agent here: " + e);
    }
  }

  /** As before {@link #show}, but for what others have set since. */
  static void hide() {
    try {
      Class<?> support = support();
      synchronized (support) {
        if (current(support) instanceof AgentProperties ours) {
          ours.remove(STATUS);
          ours.replaced.putAll(ours);
          field(support).set(null, ours.replaced);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      AgentLog.warn("status will still find the agent here: " + e);
    }
  }

  /** Its monitor guards its properties. */
  private static Class<?> support() throws ClassNotFoundException {
    return Class.forName("jdk.internal.vm.VMSupport");
  }

  private static Properties current(Class<?> support) throws ReflectiveOperationException {
    return (Properties) support.getMethod("getAgentProperties").invoke(null);
  }

  private static Field field(Class<?> support) throws NoSuchFieldException {
    Field field = support.getDeclaredField("agentProps");
    field.setAccessible(true);
    return field;
  }
}
