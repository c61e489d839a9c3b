package io.dioagent.runtime;

import java.io.IOException;

/**
 * Logs what no rule of the runtime foresees, and never throws: it is called where a request or a
 * thread has to go on. An Error of the JVM's own (a full heap, a full stack) is the application's,
 * and not logged: it reaches the caller where there is one.
 */
final class Defects {
  private Defects() {}

  /**
   * Logs a defect.
   *
   * @param where what was at work; its text is made only if there is something to log
   * @param detail of that; may be empty
   */
  static void log(String where, Object detail, Throwable cause) {
    if (isOfJvm(cause)) {
      return;
    }
    try {
      System.err.println(
          OneLine.of("[dio-agent] defect in " + where + " " + detail + ": " + cause));
    } catch (RuntimeException | Error e) {
      return; // Nor is there memory to say so.
    }
  }

  /** Logs what is no defect, and has to be known all the same. */
  static void note(String what, Throwable cause) {
    try {
      System.err.println(OneLine.of("[dio-agent] " + what + cause.getMessage()));
    } catch (RuntimeException | Error e) {
      return; // Nor is there memory to say so.
    }
  }

  /** Two texts in one; only the first one if there is no memory for that. */
  static String text(String text, String more) {
    try {
      return text + more;
    } catch (OutOfMemoryError e) {
      return text;
    }
  }

  /** Whether an Error is the JVM's, such as a full heap, and no defect. */
  static boolean isOfJvm(Throwable cause) {
    return cause instanceof VirtualMachineError;
  }

  /** The errno that stands for a failure in events: never one of a device's. */
  static int errno(Throwable cause) {
    return isOfJvm(cause) ? Errno.ENOMEM : Errno.ECANCELED;
  }

  /**
   * What an operation throws that failed in this process, and not on a device: an Error of the JVM
   * as it is, all else as an exception that says whose defect it is.
   *
   * @return the exception; an Error is thrown by this method itself
   */
  static IOException thrown(Throwable cause, Failures failures, String operation) {
    if (isOfJvm(cause)) {
      throw (VirtualMachineError) cause;
    }
    return cause instanceof IOException e ? e : failures.defect(operation, cause);
  }
}
