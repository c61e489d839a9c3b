package io.dioagent.bench.work;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor time of this process, all its threads, in user and kernel mode. */
public final class ProcessCpu {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ProcessCpu() {}

  /** Up to now. */
  public static long nanos() {
    return SYSTEM.getProcessCpuTime();
  }
}
