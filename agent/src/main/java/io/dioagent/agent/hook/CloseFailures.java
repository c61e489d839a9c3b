package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.IdentityHashMap;

/** Keeps failures of closing files until their descriptors have been closed. Thread-safe. */
final class CloseFailures {
  /** Guarded by itself. */
  private final IdentityHashMap<FileDescriptor, IOException> kept = new IdentityHashMap<>();

  /** Whether there are any, so that most closings need not take the lock. */
  private volatile boolean any;

  void keep(FileDescriptor descriptor, IOException failure) {
    synchronized (kept) {
      kept.put(descriptor, failure);
      any = true;
    }
  }

  /** Throws the failure that was kept for a descriptor, if any. */
  void throwIfAny(FileDescriptor descriptor) throws IOException {
    if (!any) {
      return;
    }
    IOException failure;
    synchronized (kept) {
      failure = kept.remove(descriptor);
      any = !kept.isEmpty();
    }
    if (failure != null) {
      throw failure;
    }
  }
}
