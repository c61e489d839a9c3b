package io.dioagent.bench.work;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor time of all threads of this process, in user and kernel mode. */
public final class ProcessCpu {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ProcessCpu() {}

  /** Returns the time so far. */
  public static long nanos() {
    return SYSTEM.getProcessCpuTime();
  }
}
