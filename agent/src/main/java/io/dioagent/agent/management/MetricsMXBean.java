package io.dioagent.agent.management;

/**
 * {@code io.dioagent:type=Metrics}: each number as a plain attribute with its type and unit, for
 * exporters. Counters run from the start of the agent. Thread-safe.
 */
public interface MetricsMXBean {
  /** Returns the number of writes that ended, with or without an error. */
  @Metric(type = "counter", unit = "{write}")
  long getWrites();

  /** Returns the bytes written past the page cache. */
  @Metric(type = "counter", unit = "By")
  long getDirectBytes();

  /** Returns the bytes written through the page cache. */
  @Metric(type = "counter", unit = "By")
  long getBufferedBytes();

  /** Returns the number of writes and reads that ended with an error. */
  @Metric(type = "counter", unit = "{error}")
  long getErrors();

  /** Returns the number of forces that ended with an error. */
  @Metric(type = "counter", unit = "{error}")
  long getFailedForces();

  /** Returns the number of requests that passed their deadline. */
  @Metric(type = "counter", unit = "{request}")
  long getLost();

  /** Returns the number of lost requests that ended after all. */
  @Metric(type = "counter", unit = "{request}")
  long getLate();

  /** Returns the number of lost requests that were never submitted to the kernel. */
  @Metric(type = "counter", unit = "{request}")
  long getNotStarted();

  /** Returns the number of completions dropped because the I/O had ended already. */
  @Metric(type = "counter", unit = "{completion}")
  long getDuplicates();

  /** Returns the number of completions dropped because their id was never issued. */
  @Metric(type = "counter", unit = "{completion}")
  long getUnknown();

  /** Returns the number of direct writes whose range stayed in the page cache. */
  @Metric(type = "counter", unit = "{write}")
  long getCollisions();

  /** Returns the number of submissions that did not return at once. */
  @Metric(type = "counter", unit = "{submission}")
  long getStalls();

  /** Returns the number of writes, reads and forces that ended with EIO. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsEIO();

  /** Returns the number of writes, reads and forces that ended with ENOSPC. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsENOSPC();

  /** Returns the number of writes, reads and forces that ended with EDQUOT. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsEDQUOT();

  /** Returns the number of writes, reads and forces that ended with EROFS. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsEROFS();

  /** Returns the number of writes, reads and forces that ended with ENXIO. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsENXIO();

  /** Returns the number of writes, reads and forces that ended with ENODEV. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsENODEV();

  /** Returns the number of writes, reads and forces that ended with EINVAL. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsEINVAL();

  /** Returns the number of writes, reads and forces that ended with ENOMEM. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsENOMEM();

  /** Returns the number of writes, reads and forces that ended with EFBIG. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsEFBIG();

  /** Returns the number of writes, reads and forces that ended with another error. */
  @Metric(type = "counter", unit = "{error}")
  long getErrorsOther();

  /** Returns the number of requests that have begun and not ended. */
  @Metric(type = "gauge", unit = "{request}")
  int getInFlight();

  /** Returns the number of requests in flight that should have ended by now. */
  @Metric(type = "gauge", unit = "{request}")
  int getOverdue();

  /** Returns the age of the oldest request in flight; 0 if there is none. */
  @Metric(type = "gauge", unit = "s")
  double getOldestAgeSeconds();

  /** Returns the number of files under the agent now. */
  @Metric(type = "gauge", unit = "{file}")
  int getOpenFiles();

  /** Returns the buffer memory in use now, quarantined memory included. */
  @Metric(type = "gauge", unit = "By")
  long getBufferBytes();

  /** Returns the buffer memory that the kernel may still read for lost requests. */
  @Metric(type = "gauge", unit = "By")
  long getQuarantinedBytes();

  /** Returns the median duration of the write requests of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getWriteP50Seconds();

  /** Returns the 99th percentile of the duration of the write requests of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getWriteP99Seconds();

  /** Returns the 99.9th percentile of the duration of the write requests of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getWriteP999Seconds();

  /** Returns the longest duration of the write requests of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getWriteMaxSeconds();

  /** Returns the median duration of the forces of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getForceP50Seconds();

  /** Returns the 99th percentile of the duration of the forces of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getForceP99Seconds();

  /** Returns the longest duration of the forces of the last minute. */
  @Metric(type = "gauge", unit = "s")
  double getForceMaxSeconds();
}
