package io.dioagent.bench.work;

import io.dioagent.bench.io.ProcessIo;
import java.io.IOException;

/** Answers of a forked JVM to its parent: one "name=number" line each. */
public final class Answer {
  /** Successful writes per second. */
  public static final String WRITES_PER_SECOND = "writesPerSecond";

  /** Bytes of successful writes per second. */
  public static final String BYTES_PER_SECOND = "bytesPerSecond";

  /** Bytes written past the page cache, by the runtime's count. */
  public static final String DIRECT_BYTES = "directBytes";

  /** Bytes written through the page cache, by the runtime's count. */
  public static final String BUFFERED_BYTES = "bufferedBytes";

  /** Bytes sent to a device, or to the page cache for one, by the kernel's count. */
  public static final String DEVICE_BYTES = "deviceBytes";

  /** Bytes passed to write(2) and its variants, by the kernel's count; without AIO and io_uring. */
  public static final String CALL_BYTES = "callBytes";

  /** All written bytes. */
  public static final String WRITTEN_BYTES = "writtenBytes";

  /** Processor time of the process per write, in microseconds. */
  public static final String CPU_MICROS_PER_WRITE = "cpuMicrosPerWrite";

  /** Descriptors of the process that are open on the file. */
  public static final String DESCRIPTORS = "descriptors";

  /** The largest number of bytes in cached pages of the file. */
  public static final String MOST_CACHED_BYTES = "mostCachedBytes";

  /** Bytes in cached pages of the file at the end. */
  public static final String LEFT_CACHED_BYTES = "leftCachedBytes";

  private Answer() {}

  /** Prints the written bytes and the kernel's counts. */
  static void printWritten(long bytes) throws IOException {
    print(WRITTEN_BYTES, bytes);
    printDevice();
  }

  /** Prints the kernel's counts of written bytes. */
  static void printDevice() throws IOException {
    ProcessIo io = ProcessIo.self();
    print(DEVICE_BYTES, io.deviceBytes());
    print(CALL_BYTES, io.callBytes());
  }

  static void print(String name, long value) {
    System.out.println(name + "=" + value);
  }

  /** Prints an answer. */
  public static void print(String name, double value) {
    System.out.println(name + "=" + value);
  }
}
