package io.dioagent.runtime.base;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OneLine;
import java.io.IOException;

/**
 * Exceptions for where there is no memory to make one: made as this class is initialised, which the
 * runtime's start does. They are shared, and say nothing of the operation.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // That is what it is for.
public final class PreparedFailures {
  private static final OutOfMemoryError OUT_OF_MEMORY_ERROR =
      new OutOfMemoryError("Java heap space");

  private static final IOException OUT_OF_MEMORY =
      new IOException(
          "the Java heap was full: the operation was not done, or not to its end",
          OUT_OF_MEMORY_ERROR);

  /** By what a lost write was waiting for; the last one where that is none of those. */
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
   * Has them made, and loads what handles failures: a class that is needed first with a full heap
   * cannot be loaded, and one whose initialiser fails stays unusable.
   */
  public static void prepare() {
    Defects.log(Defects.At.TASK, null, OUT_OF_MEMORY_ERROR); // Logs nothing.
    boolean unused = Thread.holdsLock(Waits.class) || Thread.holdsLock(OneLine.class);
    rehearse();
  }

  /** The JVM asks this class's loader for a handler's type when something first comes that far. */
  private static void rehearse() {
    try {
      throw OUT_OF_MEMORY_ERROR;
    } catch (IllegalStateException | InternalError e) {
      throw e; // Only looked at.
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
   * The end of a write whose caller is released while it may be in flight.
   *
   * @param waitingFor of {@link WaitingFor#ALL}, or any other
   */
  public static IOException lost(String waitingFor) {
    for (int i = 0; i < WaitingFor.ALL.length; i++) {
      if (WaitingFor.ALL[i].equals(waitingFor)) {
        return LOST[i];
      }
    }
    return LOST[LOST.length - 1];
  }

  /** What a full heap made fail where no Error could be caught. */
  public static OutOfMemoryError outOfMemoryError() {
    return OUT_OF_MEMORY_ERROR;
  }

  /** What a full heap made fail where the caller takes an IOException only. */
  public static IOException outOfMemory() {
    return OUT_OF_MEMORY;
  }
}
