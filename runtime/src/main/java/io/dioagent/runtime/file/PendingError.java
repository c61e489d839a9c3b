package io.dioagent.runtime.file;

import io.dioagent.runtime.api.DirectIoException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** The error of a write that had returned, until it is thrown. Thread-safe. */
public final class PendingError {
  /** Null for none, or once it was thrown. */
  private final AtomicReference<IOException> error = new AtomicReference<>();

  /** A write that had returned has failed. Of several errors the first one is kept. */
  public void record(IOException failure) {
    error.compareAndSet(null, failure);
  }

  public void throwIfAny() throws IOException {
    IOException failed = take();
    if (failed != null) {
      throw failed;
    }
  }

  /** An exception of its own for each that throws it: null if there is none. */
  public IOException take() {
    while (true) {
      IOException failed = error.get();
      if (failed == null) {
        return null;
      }
      IOException copy = copy(failed); // First: without memory for it the error stays.
      if (error.compareAndSet(failed, null)) {
        return copy;
      }
    }
  }

  private static IOException copy(IOException failed) {
    if (failed instanceof DirectIoException details) {
      return new DirectIoException(details.errno(), details.getMessage());
    }
    return new IOException(failed.getMessage(), failed.getCause());
  }
}
