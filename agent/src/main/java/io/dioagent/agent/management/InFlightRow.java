package io.dioagent.agent.management;

/** One request of {@link DirectIoMXBean#getInFlight}; a row of composite data. Immutable. */
public interface InFlightRow {
  /** Returns the operation, such as write, read or force. */
  String getOperation();

  /** Returns the request's id; 0 while it waits to become a request. */
  long getRequestId();

  /** Returns the file's real path when it was opened. */
  String getPath();

  /** Returns the first byte, from the start of the file; -1 where it is not known. */
  long getOffset();

  /** Returns the number of bytes requested. */
  long getLength();

  /** Returns the time since its caller made it. */
  double getAgeSeconds();

  /** Whether it should have ended by now. */
  boolean isOverdue();

  /** Returns the resource that it was last seen waiting for. */
  String getWaitingFor();

  /** Returns the application's thread that made it. */
  String getThread();

  /** Returns the device, such as vda1 (254:1). */
  String getDevice();
}
