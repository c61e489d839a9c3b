package io.dioagent.runtime;

import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Observed;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;

/** Accounts operations that other code does on a {@link DirectFile}. Thread-safe. */
final class FileObservations {
  private final FileContext context;

  FileObservations(FileContext context) {
    this.context = context;
  }

  /** As {@link DirectFile#observeWrite}. */
  Observation write(long offset, long lengthBytes) {
    return Observed.write(
        context, context.isAppend() ? offset : observedOffset(offset), lengthBytes);
  }

  /** As {@link DirectFile#observeCopy}. */
  Observation copy(DirectFile file, int from) {
    long length = Math.max(0, sizeBytes(from) - Math.max(0, Linux.position(from)));
    Observation copy = write(-1, length);
    return result -> {
      copy.end(result < 0 ? result : length);
      try {
        file.close();
      } catch (IOException e) { // This file has written nothing.
        Defects.log(Defects.At.CLOSE, context.path(), e);
      }
    };
  }

  /** As {@link DirectFile#observeRead}. */
  Observation read(long offset, long lengthBytes) {
    return Observed.read(context, observedOffset(offset), lengthBytes);
  }

  /**
   * Returns the offset for an event; finds a descriptor's own offset by a system call only if
   * events may be recorded.
   */
  private long observedOffset(long offset) {
    return offset < 0 && context.runtime().events().isEnabled()
        ? Math.max(-1, Linux.position(context.descriptors().given()))
        : offset;
  }

  private static long sizeBytes(int fd) {
    try {
      return FileStatus.of(fd).sizeBytes();
    } catch (ErrnoException e) {
      return 0;
    }
  }
}
