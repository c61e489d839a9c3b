package io.dioagent.agent.install;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.live.LiveAgent;
import io.dioagent.agent.live.Status;
import java.lang.reflect.Field;
import java.util.Properties;

/**
 * The JVM's properties for agents, with the agent's status. Attaching processes can read them, and
 * the application cannot see them. The thread that serves attachers reads them, and the status is
 * made then. To load the agent's jar again instead would cost the application memory each time, and
 * on newer JDKs a warning.
 *
 * <p>Not to be used before {@link JavaBase#open}. Thread-safe, as {@link Properties} are.
 */
final class AgentProperties extends Properties {
  private static final long serialVersionUID = 1L;

  /**
   * The agent's status when it is read: JSON, or a line that says why there is none. {@code
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
    } catch (RuntimeException | LinkageError e) { // The caller is the JVM.
      return "its status cannot be read: " + e;
    }
  }

  /**
   * Lets an attacher find the agent from now on. Logs a warning where this JDK has no place for
   * that.
   */
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

  /** Undoes {@link #show}; keeps properties that were set since. */
  static void hide() {
    try {
      Class<?> support = support();
      synchronized (support) {
        if (current(support) instanceof AgentProperties own) {
          own.remove(STATUS);
          own.replaced.putAll(own);
          field(support).set(null, own.replaced);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      AgentLog.warn("status will still find the agent here: " + e);
    }
  }

  /** Returns the class whose monitor guards the properties. */
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
