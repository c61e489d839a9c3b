package io.dioagent.agent.live;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.TagRule;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The MBeans with plain numbers: one of the agent, and one for each tag. Used by one thread. */
final class MetricsBeans {
  private static final String DOMAIN = "io.dioagent:type=";

  /** Characters that the value of an object name has only in quotes. */
  private static final String SPECIAL = ".*[,=:\"*?\n].*";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final List<ObjectName> names = new ArrayList<>();

  private MetricsBeans() {}

  /** Registers them; logs a line for each one for which that failed. */
  static MetricsBeans register(LiveAgent agent) {
    MetricsBeans beans = new MetricsBeans();
    beans.add(new MetricsBean(agent), "Metrics");
    for (String tag : agent.tags().stream().map(TagRule::name).distinct().toList()) {
      String value = tag.matches(SPECIAL) ? ObjectName.quote(tag) : tag;
      beans.add(new TagMetricsBean(agent, tag), "TagMetrics,tag=" + value);
    }
    return beans;
  }

  private void add(Object bean, String name) {
    try {
      ObjectName full = new ObjectName(DOMAIN + name);
      server.registerMBean(bean, full);
      names.add(full);
    } catch (JMException | RuntimeException e) {
      AgentLog.warn("no MBean " + name + ": " + e);
    }
  }

  void unregister() {
    for (ObjectName name : names) {
      try {
        server.unregisterMBean(name);
      } catch (JMException | RuntimeException e) {
        AgentLog.warn("the MBean " + name + " stays: " + e);
      }
    }
  }
}
