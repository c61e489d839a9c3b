package io.dioagent.runtime.base;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OneLine;

/**
 * Logs failures that no rule of the runtime foresees. Never throws, because a request or a thread
 * has to go on after the call. Does not log an Error of the JVM (a full heap, a full stack): it
 * belongs to the application, and reaches the caller if there is one.
 */
public final class Defects {
  /**
   * The activity that failed. Callers use no string literals: the first use of a literal needs
   * heap, and would throw out of the handler that has to end an operation.
   */
  public enum At {
    WRITE("write of"),
    REPORT("the report of"),
    SUBMITTER_START("start of a submitter thread"),
    FLUSH_START("start of a flush"),
    ASYNC_SUBMISSION("submission of asynchronous writes"),
    ASYNC_START("start of a write to"),
    ASYNC_THREAD("the thread for asynchronous writes"),
    ASYNC_COMPLETIONS("completions of asynchronous writes"),
    TASK("a task"),
    SEGMENT_END("the end of"),
    ASYNC_WRITE("asynchronous write to"),
    LATE_REPORT("the report of a late write to"),
    ASYNC_END("the ending of a write to"),
    PIPELINE("write of a pipeline"),
    NOTICE("notice of a write to"),
    LISTENER("a listener for anomalies"),
    DUPLICATE_REPORT("the report of a duplicate"),
    EVENT("an event"),
    READ("read of"),
    WATCHDOG("the watchdog"),
    LOOK("a look at"),
    CLOSE("close of"),
    QUEUED_SUBMISSION("a submission"),
    SUBMISSION("submission of");

    private final String text;

    At(String text) {
      this.text = text;
    }
  }

  private Defects() {}

  /**
   * Logs a defect.
   *
   * @param detail detail of the activity; null if there is none
   */
  public static void log(At where, Object detail, Throwable cause) {
    if (isOfJvm(cause)) {
      return;
    }
    try {
      String what = detail == null ? topFrame(cause) : String.valueOf(detail);
      System.err.println(
          OneLine.of("[dio-agent] defect in " + where.text + " " + what + ": " + cause));
    } catch (RuntimeException | Error e) {
      return; // There is no memory to log it, either.
    }
  }

  private static String topFrame(Throwable cause) {
    StackTraceElement[] stack = cause.getStackTrace();
    return stack.length == 0 ? "" : "at " + stack[0];
  }

  /** Logs that a write waits for a thread, which is no defect. */
  public static void noThread(Throwable cause) {
    try {
      System.err.println(OneLine.of("[dio-agent] no thread for a write: " + cause.getMessage()));
    } catch (RuntimeException | Error e) {
      return; // There is no memory to log it, either.
    }
  }

  /** Returns two texts in one; only the first text if there is no memory to join them. */
  public static String text(String text, String more) {
    try {
      return text + more;
    } catch (OutOfMemoryError e) {
      return text;
    }
  }

  /** Returns whether an Error comes from the JVM, such as a full heap, and is no defect. */
  public static boolean isOfJvm(Throwable cause) {
    return cause instanceof VirtualMachineError;
  }

  /** Returns the errno that stands for a failure in events. No device returns this errno. */
  public static int errno(Throwable cause) {
    return isOfJvm(cause) ? Errno.ENOMEM : Errno.ECANCELED;
  }
}
