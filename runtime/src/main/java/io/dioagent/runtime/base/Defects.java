package io.dioagent.runtime.base;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OneLine;

/**
 * Logs what no rule of the runtime foresees, and never throws: it is called where a request or a
 * thread has to go on. An Error of the JVM's own (a full heap, a full stack) is the application's,
 * and not logged: it reaches the caller where there is one.
 */
public final class Defects {
  /**
   * What was at work. No string literals where it is used: the first use of one needs heap, and
   * would throw out of the very handler that has to end something.
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
   * @param detail of what was at work; null for none
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
      return; // Nor is there memory to say so.
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
      return; // Nor is there memory to say so.
    }
  }

  /** Two texts in one; only the first one if there is no memory for that. */
  public static String text(String text, String more) {
    try {
      return text + more;
    } catch (OutOfMemoryError e) {
      return text;
    }
  }

  /** Whether an Error is the JVM's, such as a full heap, and no defect. */
  public static boolean isOfJvm(Throwable cause) {
    return cause instanceof VirtualMachineError;
  }

  /** The errno that stands for a failure in events: never one of a device's. */
  public static int errno(Throwable cause) {
    return isOfJvm(cause) ? Errno.ENOMEM : Errno.ECANCELED;
  }
}
