package io.dioagent.runtime.base;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OneLine;
import java.io.IOException;

/**
 * Exceptions that are thrown when there is no memory to make one. They are made while this class is
 * initialised, which the runtime's start does. They are shared, and have no details of the
 * operation.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // The fields exist for that.
public final class PreparedFailures {
  private static final OutOfMemoryError OUT_OF_MEMORY_ERROR =
      new OutOfMemoryError("Java heap space");

  private static final IOException OUT_OF_MEMORY =
      new IOException(
          "the Java heap was full: the operation was not done, or not to its end",
          OUT_OF_MEMORY_ERROR);

  /** By the reason of a lost write's wait; the last one is for any other reason. */
  private static final IOException[] LOST = new IOException[WaitingFor.ALL.length + 1];

  static {
    for (int i = 0; i < LOST.length; i++) {
      String waitingFor = i < WaitingFor.ALL.length ? WaitingFor.ALL[i] : "a system call";
      LOST[i] =
          new DirectIoException(
              Errno.ETIMEDOUT,
              "a write has not ended by its deadline: it was waiting for "
                  + waitingFor
                  + " and counts as lost; as the Java heap was full, only the recording and the"
                  + " agent's status may say which");
    }
  }

  private PreparedFailures() {}

  /**
   * Makes the exceptions, and loads the classes that handle failures. A class that is first needed
   * with a full heap cannot be loaded, and a class whose initialiser fails stays unusable.
   */
  public static void prepare() {
    Defects.log(Defects.At.TASK, null, OUT_OF_MEMORY_ERROR); // Logs nothing.
    boolean unused = Thread.holdsLock(Waits.class) || Thread.holdsLock(OneLine.class);
    rehearse();
  }

  /** Throws once up to this class's loader, so that the JVM resolves the handlers' types now. */
  private static void rehearse() {
    try {
      throw OUT_OF_MEMORY_ERROR;
    } catch (IllegalStateException | InternalError e) {
      throw e; // Only inspected.
    } catch (RuntimeException | Error e) {
      rehearseInterrupt(e);
    }
  }

  private static void rehearseInterrupt(Throwable cause) {
    try {
      if (cause instanceof OutOfMemoryError e && !(cause instanceof VirtualMachineError)) {
        throw new InterruptedException(e.getMessage());
      }
      throw OUT_OF_MEMORY;
    } catch (InterruptedException | DirectIoException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      return;
    }
  }

  /**
   * Returns the exception for a write whose caller is released while the write may be in flight.
   *
   * @param waitingFor one of {@link WaitingFor#ALL}, or any other
   */
  public static IOException lost(String waitingFor) {
    for (int i = 0; i < WaitingFor.ALL.length; i++) {
      if (WaitingFor.ALL[i].equals(waitingFor)) {
        return LOST[i];
      }
    }
    return LOST[LOST.length - 1];
  }

  /** Returns the error for a full heap when the Error itself could not be caught. */
  public static OutOfMemoryError outOfMemoryError() {
    return OUT_OF_MEMORY_ERROR;
  }

  /** Returns the failure for a full heap when the caller accepts only an IOException. */
  public static IOException outOfMemory() {
    return OUT_OF_MEMORY;
  }
}
