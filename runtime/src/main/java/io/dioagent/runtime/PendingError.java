package io.dioagent.runtime;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** The error of a write that had returned, until it is thrown. Thread-safe. */
final class PendingError {
  /** Null for none, or once it was thrown. */
  private final AtomicReference<IOException> error = new AtomicReference<>();

  /** A write that had returned has failed. Of several errors the first one is kept. */
  void record(IOException failure) {
    error.compareAndSet(null, failure);
  }

  void throwIfAny() throws IOException {
    IOException failed = take();
    if (failed != null) {
      throw failed;
    }
  }

  /** An exception of its own for each that throws it: null if there is none. */
  IOException take() {
    IOException failed = error.get() == null ? null : error.getAndSet(null);
    if (failed instanceof DirectIoException details) {
      return new DirectIoException(details.errno(), details.getMessage());
    }
    return failed == null ? null : new IOException(failed.getMessage(), failed.getCause());
  }
}
