package io.dioagent.bench.work;

/** What a forked JVM says to the one that started it: one "name=number" line each. */
public final class Answer {
  /** Writes per second that ended well. */
  public static final String WRITES_PER_SECOND = "writesPerSecond";

  /** Bytes that the runtime says went past the page cache. */
  public static final String DIRECT_BYTES = "directBytes";

  /** Bytes that were written in all. */
  public static final String WRITTEN_BYTES = "writtenBytes";

  /** Processor time of all threads, in user mode and in the kernel, per write. */
  public static final String CPU_NANOS_PER_WRITE = "cpuNanosPerWrite";

  private Answer() {}

  static void print(String name, double value) {
    System.out.println(name + "=" + value);
  }
}
