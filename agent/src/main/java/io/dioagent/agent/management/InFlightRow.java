package io.dioagent.agent.management;

/** One request of {@link DirectIoMXBean#getInFlight}; a row of composite data. Immutable. */
public interface InFlightRow {
  /** Such as write, read or force. */
  String getOperation();

  /** 0 where it waits to become a request. */
  long getRequestId();

  /** The file's real path when it was opened. */
  String getPath();

  /** First byte, from the start of the file; -1 where it is not known. */
  long getOffset();

  /** Bytes asked for. */
  long getLength();

  /** Since its caller made it. */
  double getAgeSeconds();

  /** Whether it should have ended by now. */
  boolean isOverdue();

  /** What it was last seen waiting for. */
  String getWaitingFor();

  /** The application's thread that made it. */
  String getThread();

  /** Such as vda1 (254:1). */
  String getDevice();
}
