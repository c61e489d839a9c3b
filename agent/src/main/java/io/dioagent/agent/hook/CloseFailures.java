package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Keeps failures of closing files until their descriptors have been closed. Allocates nothing: a
 * full heap is one of these failures. Thread-safe.
 */
final class CloseFailures {
  /** Files that failed, linked by {@link OpenFile#nextFailed}. Written under this. */
  private volatile OpenFile first;

  /** Keeps a failure, an IOException or an Error, for a file's descriptor. */
  synchronized void keep(OpenFile file, Throwable failure) {
    file.failed(failure, first);
    first = file;
  }

  /** Throws the failure that was kept for a descriptor, if any. */
  void throwIfAny(FileDescriptor descriptor) throws IOException {
    if (first == null) { // Most closings need not take the lock.
      return;
    }
    Throwable failure = take(descriptor);
    if (failure instanceof Error own) {
      throw own;
    }
    if (failure != null) {
      throw (IOException) failure;
    }
  }

  /** Removes the descriptor's file, and those whose descriptors are gone. */
  private synchronized Throwable take(FileDescriptor descriptor) {
    Throwable failure = null;
    OpenFile before = null;
    for (OpenFile file = first; file != null; file = file.nextFailed()) {
      if (file.isOf(descriptor)) {
        failure = file.failure();
      } else if (!file.isOf(null)) {
        before = file;
        continue;
      }
      if (before == null) {
        first = file.nextFailed();
      } else {
        before.failed(before.failure(), file.nextFailed());
      }
    }
    return failure;
  }
}
