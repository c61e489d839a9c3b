package io.dioagent.agent.management;

/**
 * {@code io.dioagent:type=TagMetrics,tag=NAME}: the numbers of one tag, for exporters. A name with
 * characters that an object name must not have, such as a glob, is quoted. Thread-safe.
 */
public interface TagMetricsMXBean {
  /** Returns the bytes written past the page cache. */
  @Metric(type = "counter", unit = "By")
  long getDirectBytes();

  /** Returns the bytes written through the page cache. */
  @Metric(type = "counter", unit = "By")
  long getBufferedBytes();

  /** Returns the number of files opened so far; each opening counts. */
  @Metric(type = "counter", unit = "{file}")
  long getFiles();
}
