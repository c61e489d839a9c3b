package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.nio.ch.DioHook;

/**
 * Handles exceptions that neither a device nor a rule caused: none reaches the application as a
 * device's error. Thread-safe.
 */
final class Defects {
  private final AtomicBoolean logged = new AtomicBoolean();

  /**
   * Handles an exception from a target's operation. An IOException is its result. After any other
   * one nothing was submitted, or all of it has ended and nothing was written (see {@link Target}).
   *
   * @return {@code DioHook.NOT_MINE}: the JDK's own attempt reports properly that the application's
   *     memory could not be read, and a defect of the agent costs the application nothing
   * @throws IOException the operation's result
   * @throws Error if the application caused it: its stack or its heap is exhausted, or it stops the
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
   * Handles an exception that was thrown before anything was done. Throws an error again that the
   * application caused; treats anything else as a defect.
   */
  void unlessOwn(Throwable thrown) {
    if (isOwn(thrown)) {
      throw (Error) thrown;
    }
    unexpected(thrown);
  }

  /**
   * Whether the application caused an error: its stack or heap is exhausted, or it stops the
   * thread.
   */
  private static boolean isOwn(Throwable thrown) {
    return thrown instanceof StackOverflowError
        || thrown instanceof OutOfMemoryError
        || thrown.getClass().getName().equals("java.lang.ThreadDeath"); // By Thread.stop.
  }

  /** Logs an exception that must not reach the application, once. */
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
