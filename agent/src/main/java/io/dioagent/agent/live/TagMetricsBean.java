package io.dioagent.agent.live;

import io.dioagent.agent.management.TagMetricsMXBean;
import io.dioagent.runtime.api.Measurements;
import java.util.List;
import java.util.function.ToLongFunction;

/** The numbers of one tag, or of several of one name. Thread-safe. */
final class TagMetricsBean implements TagMetricsMXBean {
  private final LiveAgent agent;
  private final String tag;

  TagMetricsBean(LiveAgent agent, String tag) {
    this.agent = agent;
    this.tag = tag;
  }

  private long sum(ToLongFunction<Measurements.Group> bytes) {
    List<Measurements.Group> all = agent.runtime().measurements().groups();
    return all.stream().filter(group -> group.name().equals(tag)).mapToLong(bytes).sum();
  }

  @Override
  public long getDirectBytes() {
    return sum(Measurements.Group::directBytes);
  }

  @Override
  public long getBufferedBytes() {
    return sum(Measurements.Group::bufferedBytes);
  }

  @Override
  public long getFiles() {
    return agent.tags().stream()
        .filter(rule -> rule.name().equals(tag))
        .mapToLong(rule -> rule.files())
        .sum();
  }
}
