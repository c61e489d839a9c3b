package io.dioagent.agent.install;

import io.dioagent.agent.AgentLog;
import java.util.Properties;

/**
 * The JVM's properties for agents, which who attaches can read, and the application cannot see. Not
 * to be used before {@link JavaBase#open}. Thread-safe.
 */
final class AgentProperties {
  /** Where the agent is on: its version. {@code io.dioagent.agent.cli} reads it, and the next. */
  static final String VERSION = "io.dioagent.version";

  /** What {@code status} shows, for as long as it is asked for. */
  static final String STATUS = "io.dioagent.status";

  private AgentProperties() {}

  /** Sets one; null removes it. Where this JDK has none, that is said, and nothing else happens. */
  static void set(String key, String value) {
    try {
      Properties all =
          (Properties)
              Class.forName("jdk.internal.vm.VMSupport")
                  .getMethod("getAgentProperties")
                  .invoke(null);
      if (value == null) {
        all.remove(key);
      } else {
        all.setProperty(key, value);
      }
    } catch (ReflectiveOperationException e) {
      AgentLog.warn("detach and status will not find the agent here: " + e);
    }
  }
}
