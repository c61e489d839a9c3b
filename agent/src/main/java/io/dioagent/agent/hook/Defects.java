package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.nio.ch.DioHook;

/**
 * Decides what becomes of an exception that no device and no rule is the reason of: none reaches
 * the application as the error of a device. Thread-safe.
 */
final class Defects {
  private final AtomicBoolean logged = new AtomicBoolean();

  /**
   * An operation of a target threw. An IOException is its result. With anything else nothing was
   * submitted, or all of it has ended and nothing was written (see {@link Target}).
   *
   * @return {@code DioHook.NOT_MINE}: the JDK's own attempt reports properly that memory of the
   *     application could not be read; and a defect of the agent's costs the application nothing
   * @throws IOException the operation's result
   * @throws Error the application's own: its stack or its heap was at its end, or it stops the
   *     thread
   */
  long failed(Throwable thrown) throws IOException {
    if (thrown instanceof IOException result) {
      throw result;
    }
    if (!(thrown instanceof InternalError)) {
      unlessOwn(thrown);
    }
    return DioHook.NOT_MINE;
  }

  /**
   * Something was thrown before anything was done: an error of the application's own making is
   * thrown again, and all else is a defect.
   */
  void unlessOwn(Throwable thrown) {
    if (isOwn(thrown)) {
      throw (Error) thrown;
    }
    unexpected(thrown);
  }

  /** Whether an error is of the application's making, as its stack or its heap is at its end. */
  private static boolean isOwn(Throwable thrown) {
    return thrown instanceof StackOverflowError
        || thrown instanceof OutOfMemoryError
        || thrown.getClass().getName().equals("java.lang.ThreadDeath"); // By Thread.stop.
  }

  /** Something that must not reach the application. */
  void unexpected(Throwable thrown) {
    if (!isOwn(thrown) && logged.compareAndSet(false, true)) {
      AgentLog.warn("defect, please report (logged once): " + thrown + where(thrown));
    }
  }

  private static String where(Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    return frames.length == 0 ? "" : " at " + frames[0];
  }
}
