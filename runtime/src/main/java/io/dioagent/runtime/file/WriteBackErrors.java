package io.dioagent.runtime.file;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The write-back errors of one open file description, which many requests ask for at once.
 *
 * <p>The kernel counts the errors of a file, regardless of range, and an open file description
 * keeps which of them it has returned (errseq_t, f_wb_err): so each error is returned once, to the
 * request that asks first. Hence the rule here: each request has a window, from before its first
 * buffered write to the end of its flush. An error from before a window is not its own. An error
 * returned to any request while it is open is its own as well.
 *
 * <p>A request may have received an error that it has not recorded yet, as its thread is still
 * returning from the kernel. So a window without an error ends a little later than the queries that
 * began before, but does not wait for one that waits for the device. Where the thread takes longer
 * than that, the error belongs to that request alone, and the application's fsync returns it in any
 * case.
 *
 * <p>Thread-safe; guarded by its monitor. Only queries that do not block are made under it.
 */
public final class WriteBackErrors {
  /**
   * Longest wait of a request for errors that others have received and not recorded; past it, such
   * an error is not its own.
   */
  private static final long RECORDING_MILLIS = 2;

  private final long recordingNanos;
  private long errorCount;
  private long lastError;
  private long lastAsked;
  private final List<Window> open = new ArrayList<>();

  WriteBackErrors() {
    this(TimeUnit.MILLISECONDS.toNanos(RECORDING_MILLIS));
  }

  /** With another time for others to record their errors. */
  WriteBackErrors(long recordingNanos) {
    this.recordingNanos = recordingNanos;
  }

  /** A query for errors. */
  public interface Question {
    /** Answers 0 or a negative errno. */
    long ask(int fd);
  }

  /** Of one request. Used by one thread at a time. */
  public final class Window implements AutoCloseable {
    private final int fd;
    private long errorsBefore;

    /** The number of its query while there is no answer; otherwise 0. */
    private long asked;

    private long standingError;

    private Window(int fd) {
      this.fd = fd;
    }

    /** A descriptor of that open file. */
    int fd() {
      return fd;
    }

    /** The error that was there when it opened, and is of no other window; 0 for none. */
    long standingError() {
      return standingError;
    }

    /**
     * Asks for the errors of what the request has written. May block.
     *
     * @return 0 or a negative errno, which another request may have received
     */
    long ask(Question question) {
      long answer = answered(this, question);
      return answer < 0 ? answer : errorOf(this);
    }

    @Override
    public void close() {
      end(this);
    }
  }

  /**
   * Opens a window.
   *
   * @param fd a descriptor of the open file, which stays open as long as the window
   * @param standing asks for what is there already, without blocking; null to leave that as it is
   */
  synchronized Window open(int fd, Question standing) {
    Window window = new Window(fd);
    long error = standing == null ? 0 : standing.ask(fd);
    if (error < 0) {
      record(error);
      window.standingError = open.isEmpty() ? error : 0;
    }
    window.errorsBefore = errorCount;
    open.add(window);
    return window;
  }

  /** Asks outside of any window. May block. */
  long ask(int fd, Question question) {
    try (Window window = open(fd, null)) {
      return answered(window, question);
    }
  }

  private long answered(Window window, Question question) {
    begin(window);
    long answer = 0;
    try {
      answer = question.ask(window.fd);
    } finally {
      answered(window, answer);
    }
    return answer;
  }

  private synchronized void begin(Window window) {
    window.asked = ++lastAsked;
  }

  private synchronized void answered(Window window, long answer) {
    window.asked = 0;
    if (answer < 0) {
      record(answer);
    }
    notifyAll();
  }

  private void record(long error) {
    errorCount++;
    lastError = error;
  }

  private synchronized long errorOf(Window window) {
    long askedBefore = lastAsked;
    long until = System.nanoTime() + recordingNanos;
    boolean interrupted = false;
    while (errorCount == window.errorsBefore && isUnanswered(askedBefore)) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return errorCount == window.errorsBefore ? 0 : lastError;
  }

  private boolean isUnanswered(long askedBefore) {
    for (Window window : open) {
      if (window.asked != 0 && window.asked <= askedBefore) {
        return true;
      }
    }
    return false;
  }

  private synchronized void end(Window window) {
    open.remove(window);
  }
}
