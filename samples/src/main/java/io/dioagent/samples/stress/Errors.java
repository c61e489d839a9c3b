package io.dioagent.samples.stress;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Finds the errno of an exception. Java mostly gives only the text of strerror(3). */
final class Errors {
  /** Stands for an exception without errno; no errno of Linux. */
  static final int OTHER = 4095;

  private static final int LARGEST = 133;

  private Errors() {}

  /** Returns the errno, positive; {@link #OTHER} if the exception has none. */
  static int errnoOf(IOException failure) {
    if (failure.getCause() instanceof DirectIoException details) {
      return details.errno();
    }
    if (failure instanceof DirectIoException details) {
      return details.errno();
    }
    if (isLostUnderAgent(failure)) {
      return Errno.ETIMEDOUT;
    }
    String text = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      text = "No such file or directory";
    } else if (failure instanceof AccessDeniedException) {
      text = "Permission denied";
    } else if (failure instanceof FileSystemException details) {
      text = details.getReason();
    }
    for (int errno = 1; text != null && errno <= LARGEST; errno++) {
      String message = Errno.message(errno);
      if (text.equals(message) || text.endsWith(": " + message)) {
        return errno;
      }
    }
    return OTHER;
  }

  /** The agent has a runtime and so a class of this name of its own. */
  private static boolean isLostUnderAgent(IOException failure) {
    return failure.getClass().getName().equals(DirectIoException.class.getName())
        && failure.getMessage().contains(" ms, deadline ");
  }

  /** Returns the name of an errno (errno(3)). */
  static String name(int errno) {
    return errno == OTHER ? "other" : Errno.name(errno);
  }
}
