package io.dioagent.bench.work;

import io.dioagent.bench.io.ProcessIo;
import java.io.IOException;

/** What a forked JVM says to the one that started it: one "name=number" line each. */
public final class Answer {
  /** Writes per second that ended well. */
  public static final String WRITES_PER_SECOND = "writesPerSecond";

  /** Bytes per second that ended well. */
  public static final String BYTES_PER_SECOND = "bytesPerSecond";

  /** Bytes that the runtime says went past the page cache. */
  public static final String DIRECT_BYTES = "directBytes";

  /** Bytes that the runtime says went through it. */
  public static final String BUFFERED_BYTES = "bufferedBytes";

  /** Bytes that the kernel says the process sent to a device, or to the page cache for one. */
  public static final String DEVICE_BYTES = "deviceBytes";

  /** Bytes that the kernel says went by write(2) and its kin: all but AIO and io_uring. */
  public static final String CALL_BYTES = "callBytes";

  /** Bytes that were written in all. */
  public static final String WRITTEN_BYTES = "writtenBytes";

  /** Processor time of the process over writes, in microseconds. */
  public static final String CPU_MICROS_PER_WRITE = "cpuMicrosPerWrite";

  private Answer() {}

  /** Says how much was written, and how much of it the kernel knows of. */
  static void printWritten(long bytes) throws IOException {
    print(WRITTEN_BYTES, bytes);
    printDevice();
  }

  /** Says how much the kernel knows to be written. */
  static void printDevice() throws IOException {
    ProcessIo io = ProcessIo.self();
    print(DEVICE_BYTES, io.deviceBytes());
    print(CALL_BYTES, io.callBytes());
  }

  static void print(String name, long value) {
    System.out.println(name + "=" + value);
  }

  /** Says it. */
  public static void print(String name, double value) {
    System.out.println(name + "=" + value);
  }
}
